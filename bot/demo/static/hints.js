// What to say next, at each phone, so that a newcomer lives the whole story in a minute.

const LINES = {
  zh: {
    complaints: ["我家厨房水管漏水三天了，没人管，6栋1202", "3栋的电梯又停了，老人上不了楼", "楼下装修晚上十点还在敲墙"],
    contact: "王先生 13712345678",
    status: "进度",
    urge: "催一下",
    accept: "接单",
    progress: "进展 师傅看过了，下午来换水管",
    done: ["办结 已更换水管", "办结 接头重做密封，试水不漏"],
    extend: "延期 1天 等配件",
    tasks: "我的待办",
    approve: "批准",
    reject: "驳回 今天能换好",
    queue: "待受理",
    assign: (reference, name) => `派单 ${reference} @${name}`,
    bad: "不满意，还在漏水",
    good: "满意",
    again: "又漏了，不满意",
    thanks: "谢谢",
    bringsIn: "我的投诉 4栋的张女士说电梯坏了，电话 13812345678",
    broughtIn: "我转的投诉",
    board: "看板",
    order: (reference) => `批示 ${reference} 今天必须有人上门，晚上给我结果`,
    major: "你们再不管，我就找电视台曝光，我们几十户一起起诉",
    agree: "同意",
    next: {
      complain: "第一步：在客户的手机上说一件烦心事",
      accept: (name) => `${name} 收到了派单：请接单`,
      assign: "没有合适的处理人：请主管派单",
      work: (name) => `${name} 在办：报进展，或者办结；也可以把时间往前拨，看看没人动会怎样`,
      approve: "有延期申请：请主管决定",
      rate: "办完了：客户满意吗？",
      rateAgain: "再办了一次：这回满意吗？",
      closed: "客户满意了，才算结案。再说一件？",
      late: "超时了：处理人被催，主管也知道了。快去办结",
    },
  },
  en: {
    complaints: [
      "My kitchen pipe has been leaking for three days and nobody came, building 6 flat 1202",
      "The lift in building 3 is out again, my mother cannot get home",
      "Hammering next door at ten at night again",
    ],
    contact: "I am John Smith, 13712345678",
    status: "status",
    urge: "hurry up please",
    accept: "accept",
    progress: "progress the plumber looked at it, new pipe this afternoon",
    done: ["done replaced the pipe", "done sealed the joint again"],
    extend: "extend 1 day waiting for a part",
    tasks: "my tasks",
    approve: "approve",
    reject: "reject it can be done today",
    queue: "queue",
    assign: (reference, name) => `assign ${reference} to ${name}`,
    bad: "not satisfied, still leaking",
    good: "satisfied",
    again: "not satisfied, it leaks again",
    thanks: "thanks",
    bringsIn: "my complaints: Mrs Lee in building 4 says the lift is broken, 13812345678",
    broughtIn: "what I entered",
    board: "board",
    order: (reference) => `order ${reference} somebody goes there today, tell me tonight`,
    major: "If nothing happens I call the TV station, thirty of us are going to sue you",
    agree: "agree",
    next: {
      complain: "First: say what is wrong on the customer’s phone",
      accept: (name) => `${name} has been told: accept it`,
      assign: "Nobody fits: let the supervisor assign it",
      work: (name) => `With ${name}: tell progress or finish it, or move the clock and see what happens`,
      approve: "More time was asked for: let the supervisor decide",
      rate: "Done: is the customer satisfied?",
      rateAgain: "Done again: satisfied this time?",
      closed: "Closed only now that the customer is satisfied. Another one?",
      late: "Overdue: the assignee was chased, the supervisor knows. Finish it",
    },
  },
};

/**
 * Returns {customer, employee, assignee, supervisor, leader: [{text, main}], next}: what could be said, the likeliest marked, and where the
 * story stands in words. life: as the state gives it, or null. names: of the staff. filed: how many complaints there are.
 */
export function hints(locale, life, names, filed) {
  const lines = LINES[locale];
  const may = {
    customer: [],
    assignee: [],
    supervisor: [],
    employee: [lines.bringsIn, lines.broughtIn].map((text) => ({ text, main: false })),
    leader: [lines.board, ...(life ? [`${lines.status} ${life.reference}`] : [])].map((text) => ({ text, main: false })),
    next: lines.next.complain,
  };
  const offer = (seat, text, main = false) => may[seat].push({ text, main });
  if (!life || life.settled) {
    offer("customer", lines.complaints[filed % lines.complaints.length], true);
    if (life?.status === "closed") {
      offer("customer", lines.again);
      may.next = lines.next.closed;
    } else {
      offer("customer", lines.complaints[(filed + 1) % lines.complaints.length]);
    }
    offer("assignee", lines.tasks);
    offer("supervisor", lines.queue);
    return may;
  }
  const owner = life.owner || names.assignee;
  if (life.status === "resolved") {
    const again = life.round > 1;
    offer("customer", again ? lines.good : lines.bad, true);
    offer("customer", again ? lines.bad : lines.good);
    may.next = again ? lines.next.rateAgain : lines.next.rate;
  } else {
    if (!life.contact_known) offer("customer", lines.contact, true);
    if (life.status === "proposed") offer("customer", lines.agree, true);
    offer("customer", lines.urge);
    offer("customer", life.severity === "S4" && life.contact_known ? lines.major : lines.status);
  }
  if (life.status === "dispatched") {
    offer("assignee", lines.accept, true);
    may.next = lines.next.accept(owner);
  } else if (["working", "executing", "proposed"].includes(life.status)) {
    const late = life.deadlines.some((deadline) => deadline.state === "overdue");
    const done = lines.done[Math.min(life.round, lines.done.length) - 1];
    if (!life.progressed && !late) offer("assignee", lines.progress, true);
    offer("assignee", done, life.progressed || late);
    if (!life.extension_asked && !life.extensions_granted && !late) offer("assignee", lines.extend);
    may.next = late ? lines.next.late : lines.next.work(owner);
  } else if (life.status !== "resolved") {
    may.next = lines.next.assign;
  }
  if (!may.assignee.length) offer("assignee", lines.tasks);
  if (["S0", "S1"].includes(life.severity)) offer("leader", lines.order(life.reference));
  if (life.extension_asked) {
    offer("supervisor", lines.approve, true);
    offer("supervisor", lines.reject);
    may.next = lines.next.approve;
  } else if (["new", "accepted", "under_review"].includes(life.status)) {
    offer("supervisor", lines.assign(life.reference, names.assignee), true);
  } else if (life.status !== "resolved") {
    offer("supervisor", lines.assign(life.reference, owner === names.backup ? names.assignee : names.backup));
  }
  if (may.supervisor.length < 2) offer("supervisor", lines.queue);
  return may;
}
