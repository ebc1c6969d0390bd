// The page's own words. What the service has words for (statuses, clocks, notices) comes from the service.
export const WORDS = {
  zh: {
    tag: "zh-CN",
    pageTitle: (service) => `${service} · 演示`,
    tagline: "三部手机，和一件投诉的一生",
    other: "English",
    otherLabel: "Switch to English",
    hour: "+1 小时",
    day: "+1 天",
    moveLabel: (hours) => `把时间往前拨 ${hours} 小时`,
    moving: "时间在走…",
    busy: "时钟正在走，请稍等",
    offline: "服务停了，正在重连…",
    chat: "聊天",
    sms: "短信",
    unread: "有未读消息",
    try: "试试说",
    lifeTab: "经过",
    lanes: { customer: "客户", assignee: "处理人", supervisor: "主管", clock: "时间" },
    seats: {
      customer: { role: "客户", title: null, subtitle: "您说，我们跟到底" },
      assignee: { role: "处理人", title: "工单助手", subtitle: (name) => `${name} · 工程维修` },
      backup: { role: "同事", title: "工单助手", subtitle: (name) => `${name} · 后备处理人` },
      supervisor: { role: "客服主管", title: "工单助手", subtitle: (name) => `${name} · 客服中心` },
      sms: { role: "短信", title: "短信", subtitle: (name) => `${name} 的手机短信` },
    },
    hintIn: {
      customer: "您好！请用自己的话说说遇到的问题：在哪里、什么事、从什么时候开始。",
      assignee: "派给您的投诉会出现在这里。",
      backup: "改派给您的投诉会出现在这里。",
      supervisor: "新投诉、超时和客户不满意，会第一时间告诉您。",
      sms: "要紧的通知也会发短信。",
    },
    placeholder: { customer: "说说您的问题…", assignee: "回复…", backup: "回复…", supervisor: "回复…", sms: "短信…" },
    policy: "时限方案",
    policyNote: "新的投诉按所选方案计时；已经在办的投诉不变。加粗的时限会告诉客户。",
    clocks: (n) => `${n} 个时限`,
    every: (limit) => `每 ${limit}`,
    limitFor: (what, limit) => `${what}：${limit}`,
    under: (profile) => `时限方案：${profile}`,
    from: (milestone) => `从${milestone}起`,
    comma: "、",
    milestone: {
      received: "收到投诉", registered: "登记", dispatched: "派单", phoned: "电话通知", accepted: "接单", progress: "上次进展", plan_submitted: "提出方案",
      resolved: "办结", survey_asked: "开始回访", surveyed: "客户评价", reopened: "重新处理", closed: "结案", nature_reported: "定性上报",
      nature_decided: "定性", valid_confirmed: "确认有效", graded: "定级", escalated: "报送中心",
    },
    matter: { complaint: "投诉", repair: "报修", service: "售后服务", consult: "咨询", suggestion: "建议", praise: "表扬" },
    stage: { presale: "售前", signing: "签约", before_handover: "入住前", warranty: "保修期", after_warranty: "保修期外" },
    flag: { media: "有媒体介入", loss: "客户有损失", lawsuit: "已起诉", published: "已被曝光", outside_help: "需要外部支援" },
    when: { work_time: "工作时间", off_hours: "工作日非工作时间", day_off: "休息日" },
    noTime: { "0h": "立即", "0d": "当天" },
    emptyTitle: "一件投诉的一生，会画在这里",
    empty: "先在客户的手机上说一件烦心事。",
    pick: "选择一件投诉",
    round: (n) => `第 ${n} 次处理`,
    owner: (name) => `${name} 在办`,
    urged: (n) => `催了 ${n} 次`,
    handled: (name) => `${name} 经办`,
    nobody: "等待派单",
    promises: "答应过的时限",
    left: (span) => `还有 ${span}`,
    over: (span) => `已超 ${span}`,
    now: "现在",
    dueHere: (clock) => `${clock}到期`,
    roundMark: (n) => `第 ${n} 次处理`,
    ended: { satisfied: "客户满意，结案", neutral: "客户评价一般，结案", unrated: "未评价，结案", unsettled: "未达成一致，结案" },
    event: {
      received: "投诉", dispatched: (e) => `派给 ${e.facts.to ?? ""}`, accepted: "接单", given_back: "退单",
      progress: "进展", not_done: "还没办好", plan_proposed: "提出方案", plan_agreed: "同意方案", plan_refused: "不同意方案", plan_reminded: "再问一次方案",
      extension_asked: "申请延期", extension_granted: "批准延期", extension_refused: "驳回延期",
      hold_asked: "申请暂缓", held: "暂缓", hold_refused: "驳回暂缓", resumed: "继续处理", rescheduled: "时限随工作日历调整", supplemented: "补充",
      fact_told: "留下联系方式", urged: "催办", graded: "定级", resolved: "办结", rated: "评价", survey_reminded: "再问一次满意度",
      survey_expired: "没有等到评价", survey_answered: "回答回访问题",
      called_back: (e) => (e.facts.reached === "no" ? "回访未接通" : "电话回访"), phone_asked: "请客服打电话回访", reopened: "重新处理", closed: "结案", invalid: "判定无效", appealed: "申诉", withdrawn: "撤回",
      reminded: "提醒", overdue: "超时",
      registered: "登记", nobody_available: "没有人可派", progress_asked: "请报进展", progress_missed: "没有报进展", progress_released: "进展已告诉客户",
      progress_kept_back: "进展未转给客户", promise_missed: "没能按时，已告诉客户", process_asked: "过程回访", process_answered: "回访答复",
      process_unanswered: "过程回访没有答复", amended: "修改了原话", surveyed: "请客户评价", marked: "标记", duty_told: "请办", review_asked: "请判定是否有效",
      corrected: "更正", duty_done: "办了", obstacle: "卡在哪里", ladder_step: "逐级通知", level_skipped: "这一级没有人", acknowledged: "收到",
      confirm_asked: "请再确认", ack_lapsed: "没有再确认", call_asked: "请打电话", call_reached: "电话接通", call_unanswered: "电话没人接",
      call_given_up: "电话打不通", visit_proposed: "预约上门", visit_agreed: "约好上门", visit_declined: "没约成", visit_cancelled: "取消上门",
      part_given: "请人协办", part_accepted: "协办接单", part_reported: "协办进展", part_done: "协办完成", part_given_back: "协办退回", part_moved: "协办转给同事",
      part_time_asked: "协办申请延期", part_time_decided: "协办延期已定", part_chased: "催协办", part_ended: "不用再协办", result_kept: "办结待协办完成",
      step_done: "方案步骤完成", evidence_added: "留下凭证", cause_told: "原因和责任方",
      force_formed: "成立专案组", force_joined: "加入专案组", force_confirmed: "专案组成员收到", force_chased: "催专案组成员", force_reported: "专案组成员汇报",
      force_minutes: "会议纪要", force_room: "专案组群", force_dissolved: "解散专案组",
      visit_reminded: "提醒上门", visit_asked: "请报上门结果", visit_done: "上门完成", visit_missed: "没有上门",
    },
    remindedOf: (clock) => `“${clock}”快到时间了`,
    overdueOf: (clock, n) => (n > 1 ? `“${clock}”还没完成，第 ${n} 次` : `“${clock}”过了时限`),
    ahead: { remind: (c) => `将提醒：${c}`, overdue: (c) => `将催：${c}`, survey_remind: () => "将再问一次满意度", survey_expire: () => "不再等评价",
      survey_phone: () => "将再请客服打电话回访", hold_ends: () => "暂缓到期", ladder: () => "再没人应答，将通知上一级", confirm: () => "将再确认是否有人在办",
      call: () => "将再请人打电话", progress_ask: () => "将请处理人报进展", progress_miss: () => "没报进展将记一次", process_callback: () => "将做过程回访",
      visit_remind: () => "将提醒上门", visit_outcome: () => "将问上门结果", nobody_available: () => "将再找人" },
    told: "告诉了",
    by: (channel) => `通过${channel}`,
    arithmetic: "怎么算出来的",
    states: { met: "按时完成", late: "超时完成", running: "进行中", overdue: "已超时", stopped: "随这一轮结束" },
    deliveryStates: { queued: "待发送", sending: "发送中", sent: "已发送", delivered: "已送达", read: "已读", held: "静默时段后再发", failed: "没有送到", uncertain: "不确定" },
    start: (when) => `${when} 开始`,
    plus: (limit) => `＋ ${limit}`,
    endOfDay: (limit, when) => `＋ ${limit}，到 ${when} 当天结束`,
    equals: (when) => `＝ ${when}`,
    extendedBy: (limit) => `延期 ${limit}`,
    limit: { h: (n) => `${n} 小时`, d: (n) => `${n} 天`, wd: (n) => `${n} 个工作日`, wh: (n) => `${n} 个工作小时` },
    minutes: (n) => `${n} 分钟`,
    hours: (n) => `${n} 小时`,
    days: (n) => `${n} 天`,
    later: (span) => `${span}后`,
    legend: { met: "按时", running: "进行中", overdue: "超时", told: "通知了谁" },
  },
  en: {
    tag: "en-GB",
    pageTitle: (service) => `${service} · demo`,
    tagline: "Three phones and the life of one complaint",
    other: "中文",
    otherLabel: "切换到中文",
    hour: "+1 hour",
    day: "+1 day",
    moveLabel: (hours) => `Move the clock forward by ${hours} ${hours === 1 ? "hour" : "hours"}`,
    moving: "Time is passing…",
    busy: "The clock is still moving, one moment",
    offline: "The service is away, reconnecting…",
    chat: "Chat",
    sms: "SMS",
    unread: "Unread messages",
    try: "Try",
    lifeTab: "Life",
    lanes: { customer: "Customer", assignee: "Assignee", supervisor: "Supervisor", clock: "Time" },
    seats: {
      customer: { role: "Customer", title: null, subtitle: "Tell us, we see it through" },
      assignee: { role: "Assignee", title: "Complaint desk", subtitle: (name) => `${name} · Repairs` },
      backup: { role: "Colleague", title: "Complaint desk", subtitle: (name) => `${name} · stands in` },
      supervisor: { role: "Supervisor", title: "Complaint desk", subtitle: (name) => `${name} · Service centre` },
      sms: { role: "SMS", title: "SMS", subtitle: (name) => `Text messages to ${name}` },
    },
    hintIn: {
      customer: "Hello! Tell us in your own words what is wrong: where, what, and since when.",
      assignee: "Complaints given to you appear here.",
      backup: "Complaints handed over to you appear here.",
      supervisor: "New complaints, missed promises and unhappy customers are told to you here.",
      sms: "What must be seen comes by SMS as well.",
    },
    placeholder: { customer: "What is wrong?", assignee: "Reply…", backup: "Reply…", supervisor: "Reply…", sms: "Text…" },
    policy: "Policy",
    policyNote: "New complaints run under the policy chosen; those begun keep theirs. What is bold is told to the customer.",
    clocks: (n) => `${n} clocks`,
    every: (limit) => `every ${limit}`,
    limitFor: (what, limit) => `${what}: ${limit}`,
    under: (profile) => `Policy: ${profile}`,
    from: (milestone) => `from ${milestone}`,
    comma: ", ",
    milestone: {
      received: "its arrival", registered: "registering", dispatched: "assigning", phoned: "the phone call", accepted: "accepting", progress: "the last progress",
      plan_submitted: "the plan", resolved: "done", survey_asked: "the call-back’s start", surveyed: "the rating", reopened: "opening again", closed: "closing",
      nature_reported: "the question of its nature", nature_decided: "the answer on its nature", valid_confirmed: "being found valid",
      graded: "grading", escalated: "the centre’s having it",
    },
    matter: { complaint: "complaints", repair: "repairs", service: "service", consult: "questions", suggestion: "suggestions", praise: "praise" },
    stage: { presale: "before the sale", signing: "signing", before_handover: "before handover", warranty: "under warranty", after_warranty: "after the warranty" },
    flag: { media: "the press is involved", loss: "the customer has a loss", lawsuit: "a lawsuit has begun", published: "published outside", outside_help: "outside help is needed" },
    when: { work_time: "in working hours", off_hours: "working day, out of hours", day_off: "day off" },
    noTime: { "0h": "at once", "0d": "the same day" },
    emptyTitle: "The life of a complaint is drawn here",
    empty: "Begin on the customer’s phone: say what is wrong.",
    pick: "Choose a complaint",
    round: (n) => `Round ${n}`,
    owner: (name) => `With ${name}`,
    urged: (n) => `Chased ${n}×`,
    handled: (name) => `Handled by ${name}`,
    nobody: "Waiting to be assigned",
    promises: "Promises",
    left: (span) => `${span} left`,
    over: (span) => `${span} over`,
    now: "Now",
    dueHere: (clock) => `${clock} due`,
    roundMark: (n) => `Round ${n}`,
    ended: { satisfied: "Satisfied, closed", neutral: "Found okay, closed", unrated: "Not rated, closed", unsettled: "No agreement, closed" },
    event: {
      received: "Complaint", dispatched: (e) => `Given to ${e.facts.to ?? ""}`, accepted: "Accepted", given_back: "Given back",
      progress: "Progress", not_done: "Not done yet", plan_proposed: "Plan", plan_agreed: "Plan agreed", plan_refused: "Plan refused", plan_reminded: "Asked about the plan once more",
      extension_asked: "More time asked for", extension_granted: "More time granted", extension_refused: "More time refused",
      hold_asked: "Hold asked for", held: "On hold", hold_refused: "Hold refused", resumed: "Work goes on",
      rescheduled: "Limit moved with the calendar",
      supplemented: "Added", fact_told: "Contact given", urged: "Chased", graded: "Graded", resolved: "Done", rated: "Rated",
      survey_reminded: "Asked once more", survey_expired: "No rating came", survey_answered: "Survey answered",
      called_back: (e) => (e.facts.reached === "no" ? "Phoned, no answer" : "Phoned"), phone_asked: "Call-back asked for", reopened: "Opened again", closed: "Closed",
      invalid: "Found not valid", appealed: "Appeal", withdrawn: "Withdrawn", reminded: "Reminder", overdue: "Overdue",
      registered: "Registered", nobody_available: "Nobody to give it to", progress_asked: "Progress asked for", progress_missed: "No progress told",
      progress_released: "Progress passed on", progress_kept_back: "Progress kept back", promise_missed: "Customer told of the delay",
      process_asked: "Call-back while at work", process_answered: "Call-back answered", process_unanswered: "Call-back not answered", amended: "Words edited",
      surveyed: "Asked how it was", marked: "Marked", duty_told: "Duty", review_asked: "Is it valid?", corrected: "Corrected", duty_done: "Duty done",
      obstacle: "What holds it up", ladder_step: "Told further up", level_skipped: "Nobody on that step", acknowledged: "Got it",
      confirm_asked: "Asked to confirm", ack_lapsed: "Not confirmed", call_asked: "To be phoned", call_reached: "Reached by phone",
      call_unanswered: "Phone not answered", call_given_up: "Not reached by phone", visit_proposed: "Visit proposed", visit_agreed: "Visit agreed",
      part_given: "Asked to assist", part_accepted: "Assistant accepts", part_reported: "Assistant's news", part_done: "Part done", part_given_back: "Part given back", part_moved: "Part passed on",
      part_time_asked: "Assistant asks for time", part_time_decided: "Assistant's time decided", part_chased: "Assistant chased", part_ended: "Part no longer needed", result_kept: "Done, waits for others",
      step_done: "Step of the plan done", evidence_added: "Evidence kept", cause_told: "Cause and responsibility",
      force_formed: "Task force formed", force_joined: "Joined the task force", force_confirmed: "Member confirms", force_chased: "Member chased", force_reported: "Member reports",
      force_minutes: "Minutes", force_room: "Group of the task force", force_dissolved: "Task force dissolved",
      visit_declined: "Visit declined", visit_cancelled: "Visit cancelled", visit_reminded: "Visit reminder", visit_asked: "How was the visit?",
      visit_done: "Visit done", visit_missed: "Visit missed",
    },
    remindedOf: (clock) => `The ${clock} is nearly due`,
    overdueOf: (clock, n) => (n > 1 ? `Still no ${clock}, notice ${n}` : `The ${clock} is past its limit`),
    ahead: { remind: (c) => `Will remind: ${c}`, overdue: (c) => `Will chase: ${c}`, survey_remind: () => "Will ask once more", survey_expire: () => "Will stop waiting",
      survey_phone: () => "Will ask for a call-back again", hold_ends: () => "The wait ends", ladder: () => "Nobody answers: next step up",
      confirm: () => "Will ask whether it is in hand", call: () => "Will ask to phone again", progress_ask: () => "Will ask for progress",
      progress_miss: () => "No progress: will be counted", process_callback: () => "Will call back meanwhile", visit_remind: () => "Visit reminder",
      visit_outcome: () => "Will ask how the visit was", nobody_available: () => "Will look for somebody again" },
    told: "Told",
    by: (channel) => `by ${channel}`,
    arithmetic: "How it was worked out",
    states: { met: "Kept", late: "Kept late", running: "Running", overdue: "Overdue", stopped: "Ended with its round" },
    deliveryStates: { queued: "queued", sending: "sending", sent: "sent", delivered: "delivered", read: "read", held: "held for the night", failed: "failed", uncertain: "uncertain" },
    start: (when) => `From ${when}`,
    plus: (limit) => `+ ${limit}`,
    endOfDay: (limit, when) => `+ ${limit}, to the end of ${when}`,
    equals: (when) => `= ${when}`,
    extendedBy: (limit) => `Extended by ${limit}`,
    limit: {
      h: (n) => (n === 1 ? "1 hour" : `${n} hours`), d: (n) => (n === 1 ? "1 day" : `${n} days`),
      wd: (n) => (n === 1 ? "1 working day" : `${n} working days`), wh: (n) => (n === 1 ? "1 working hour" : `${n} working hours`),
    },
    minutes: (n) => `${n} min`,
    hours: (n) => `${n} h`,
    days: (n) => (n === 1 ? "1 day" : `${n} days`),
    later: (span) => `${span} later`,
    legend: { met: "kept", running: "running", overdue: "overdue", told: "who was told" },
  },
};

/** A span of time in at most two units, rounded down to minutes. */
export function span(words, ms) {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days) return hours ? `${words.days(days)} ${words.hours(hours)}` : words.days(days);
  if (hours) return rest ? `${words.hours(hours)} ${words.minutes(rest)}` : words.hours(hours);
  return words.minutes(rest);
}

/** "24h" in words; what is not understood stands for itself. */
export function limit(words, text) {
  if (text in words.noTime) return words.noTime[text];
  const match = /^([\d.]+)(h|d|wd|wh)$/.exec(text);
  return match ? words.limit[match[2]](Number(match[1])) : text;
}

/** The lines by which a due moment explains itself, in the reader's language. */
export function explain(words, steps, when) {
  return steps.map((step) => {
    let match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d):\d\d start$/.exec(step);
    if (match) return words.start(when(match[1], match[2]));
    match = /^= (\d{4}-\d\d-\d\d) (\d\d:\d\d):\d\d$/.exec(step);
    if (match) return words.equals(when(match[1], match[2]));
    match = /^\+ (\S+): until the end of (\d{4}-\d\d-\d\d)$/.exec(step);
    if (match) return words.endOfDay(limit(words, match[1]), when(match[2]));
    match = /^extended by (\S+)$/.exec(step);
    if (match) return words.extendedBy(limit(words, match[1]));
    match = /^\+ ([\d.]+(?:h|d|wd|wh))(?: = .*)?$/.exec(step);
    if (match) return words.plus(limit(words, match[1]));
    return step;
  });
}

/** A day such as 11月23日 周一, Mon 23 Nov. */
export function dayName(tag, at, timeZone) {
  const part = (shape) => new Intl.DateTimeFormat(tag, { ...shape, timeZone }).format(at);
  const [day, weekday] = [part({ month: "short", day: "numeric" }), part({ weekday: "short" })];
  return tag.startsWith("zh") ? `${day} ${weekday}` : `${weekday} ${day}`;
}
