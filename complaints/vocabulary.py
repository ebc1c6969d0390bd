"""The closed sets of words that complaints are spoken of in: kinds, statuses, severities, roles, milestones."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a customer came with (R-009, R-015)."""

    COMPLAINT = "complaint"  # 投诉
    REPAIR = "repair"  # 报修
    SERVICE = "service"  # 售后服务
    CONSULT = "consult"  # 咨询
    SUGGESTION = "suggestion"  # 建议
    PRAISE = "praise"  # 表扬


class Status(StrEnum):
    """Where a complaint stands. Extension, escalation and task force are marks on it, not statuses."""

    DRAFT = "draft"  # 收集中
    NEW = "new"  # 待受理
    UNDER_REVIEW = "under_review"  # 待审核
    ACCEPTED = "accepted"  # 已受理
    DISPATCHED = "dispatched"  # 已派单
    WORKING = "working"  # 处理中
    PROPOSED = "proposed"  # 方案待确认
    EXECUTING = "executing"  # 落实中
    ON_HOLD = "on_hold"  # 暂缓
    RESOLVED = "resolved"  # 已办结待回访
    CLOSED = "closed"  # 已结案
    INVALID = "invalid"  # 无效已答复
    WITHDRAWN = "withdrawn"  # 客户撤回
    MERGED = "merged"  # 已并案


SETTLED = frozenset({Status.CLOSED, Status.INVALID, Status.WITHDRAWN, Status.MERGED})
"""No promise runs and nobody is reminded any more."""


class Severity(StrEnum):
    """How bad it is; S0 is worst, so a smaller word is a higher severity (R-029)."""

    S0 = "S0"  # 紧急
    S1 = "S1"  # 重大
    S2 = "S2"  # 热点
    S3 = "S3"  # 重要
    S4 = "S4"  # 一般


class Role(StrEnum):
    """What a person may see and do; a person may hold several."""

    SYSTEM = "system"  # the clock and the rules themselves
    CUSTOMER = "customer"
    EMPLOYEE = "employee"
    AGENT = "agent"  # 坐席/客服专员
    REVIEWER = "reviewer"  # 投诉处理小组
    DISPATCHER = "dispatcher"  # 项目客服主管
    HANDLER = "handler"  # 处理人
    DEPT_HEAD = "dept_head"  # 部门第一负责人
    CENTER_LEAD = "center_lead"  # 客服中心负责人
    COMMANDER = "commander"  # 总指挥
    MEDIA_OFFICER = "media_officer"  # 媒体口
    LEADER = "leader"  # 公司领导
    HR_AUDITOR = "hr_auditor"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"


SERVICE_CENTRE = frozenset({Role.AGENT, Role.DISPATCHER, Role.CENTER_LEAD})
"""Who works the queue."""

SUPERVISING = SERVICE_CENTRE | {Role.DEPT_HEAD, Role.LEADER, Role.REVIEWER}
"""Who decides about others' work: their words are read as a supervisor's."""


class Flag(StrEnum):
    """A mark on a complaint that policies ask for."""

    MEDIA = "media"  # press or a broadcaster asks or complains
    LOSS = "loss"  # the customer has lost something
    LAWSUIT = "lawsuit"  # a lawsuit has begun
    PUBLISHED = "published"  # the press or an outside site has it
    OUTSIDE_HELP = "outside_help"  # consultants or another company are needed
    UPPER_TRANSFER = "upper_transfer"  # 上级转办: a superior authority handed it down


class Fault(StrEnum):
    """Through whose fault it came about."""

    OURS = "ours"  # 我方
    CUSTOMER = "customer"  # 客户
    THIRD = "third"  # 第三方
    UNKNOWN = "unknown"  # nobody has said yet


class Post(StrEnum):
    """Somebody by their office at the complaint's site or in the unit that has it (R-036, R-051)."""

    SITE_HEAD = "site_head"
    SITE_BACKUP = "site_backup"  # the backup contact agreed for the site
    UNIT_HEAD = "unit_head"  # of the owner's unit, else of the site or a unit that handles such matters


class Milestone(StrEnum):
    """The moments that start and stop a policy's clocks (its words for `from` and `met_by`)."""

    RECEIVED = "received"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"  # passed on to whoever is to handle it
    PHONED = "phoned"  # somebody told them by telephone
    ACKNOWLEDGED = "acknowledged"  # somebody answered 收到: it is in hand
    ACCEPTED = "accepted"
    PROGRESS = "progress"
    PLAN_SUBMITTED = "plan_submitted"
    PLAN_ANSWERED = "plan_answered"  # the customer accepts it, or not
    RESOLVED = "resolved"
    SURVEY_ASKED = "survey_asked"
    SURVEYED = "surveyed"  # the customer said how satisfied they are
    REOPENED = "reopened"
    CLOSED = "closed"
    NATURE_REPORTED = "nature_reported"  # unclear whether it is valid: put before the centre
    NATURE_DECIDED = "nature_decided"
    VALID_CONFIRMED = "valid_confirmed"
    GRADED = "graded"
    ESCALATED = "escalated"  # the service centre has it as urgent or major
    CENTRE_REPLIED = "centre_replied"  # the centre answered the customer
    DEPT_REPLIED = "dept_replied"  # the department answered the centre in writing
    FORUM_REPLIED = "forum_replied"
    MEDIA_REPLIED = "media_replied"
    ANSWERED = "answered"
    APOLOGISED = "apologised"
    COMPENSATED = "compensated"
    SERVICE_CONFIRMED = "service_confirmed"  # what is done and when is agreed with the customer
    NOTIFIED = "notified"  # the company was told
    BULLETIN = "bulletin"
    REPORTED_UP = "reported_up"  # 上报上级: put before a superior, who has no task by it


class Lasts(StrEnum):
    """How long something is owed that nobody does."""

    WORK = "work"  # until the work is reported done
    COMPLAINT = "complaint"  # apart from the work, and after it, until the complaint is closed
    ALWAYS = "always"  # a debt to the customer: after that too, until it is paid or waived


class Stage(StrEnum):
    """Where the customer stands with us when it happens (R-049)."""

    PRESALE = "presale"  # 售前
    SIGNING = "signing"  # 签约
    BEFORE_HANDOVER = "before_handover"  # 入住前
    WARRANTY = "warranty"  # 保修期
    AFTER_WARRANTY = "after_warranty"  # 保修期外


class CustomerClass(StrEnum):
    """What a customer is to us (R-009, R-013)."""

    OWNER = "owner"  # 业主
    BUYER = "buyer"  # 准业主
    TENANT = "tenant"  # 租户
    PROSPECT = "prospect"  # 已表示意向的目标客户
    OTHER = "other"  # 其他接触对象


CLASS_WORDS: Mapping[str, CustomerClass] = {
    "准业主": CustomerClass.BUYER, "购房者": CustomerClass.BUYER, "buyer": CustomerClass.BUYER,
    "业主": CustomerClass.OWNER, "业主本人": CustomerClass.OWNER, "是": CustomerClass.OWNER, "是业主": CustomerClass.OWNER,
    "业主家属": CustomerClass.OWNER, "owner": CustomerClass.OWNER, "yes": CustomerClass.OWNER,
    "租户": CustomerClass.TENANT, "租客": CustomerClass.TENANT, "租赁户": CustomerClass.TENANT, "tenant": CustomerClass.TENANT,
    "意向客户": CustomerClass.PROSPECT, "看房客户": CustomerClass.PROSPECT, "prospect": CustomerClass.PROSPECT,
    "其他": CustomerClass.OTHER, "否": CustomerClass.OTHER, "不是": CustomerClass.OTHER, "不是业主": CustomerClass.OTHER,
    "访客": CustomerClass.OTHER, "邻居": CustomerClass.OTHER, "other": CustomerClass.OTHER, "visitor": CustomerClass.OTHER,
}  # fmt: skip


class Nature(StrEnum):
    """Of what sort a complaint is, apart from what it is about (R-014)."""

    MATTER = "matter"  # 事务型: the matter itself
    ATTITUDE = "attitude"  # 态度型: how they were treated
    OPINION = "opinion"  # 意见型: what could be better


NATURE_WORDS: Mapping[str, Nature] = {
    **dict.fromkeys(("事务型", "事务", "就事论事"), Nature.MATTER),
    **dict.fromkeys(("态度型", "态度"), Nature.ATTITUDE),
    **dict.fromkeys(("意见型", "意见"), Nature.OPINION),
}

STAGE_WORDS: Mapping[str, Stage] = {
    "售前": Stage.PRESALE, "签约": Stage.SIGNING, "入住前": Stage.BEFORE_HANDOVER, "保修期": Stage.WARRANTY,
    "保修期内": Stage.WARRANTY, "保修期外": Stage.AFTER_WARRANTY,
}  # fmt: skip
"""What people call the stages: in the table of staff, and when they correct one."""


class TaskStatus(StrEnum):
    """Where one assignee's part stands."""

    DISPATCHED = "dispatched"
    WORKING = "working"
    DONE = "done"
    GIVEN_BACK = "given_back"  # also: handed on to somebody else


class Rating(StrEnum):
    """What a customer says of the result."""

    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"


class Side(StrEnum):
    """Of the two who arrange a visit, one."""

    CUSTOMER = "customer"
    STAFF = "staff"

    @property
    def other(self) -> Side:
        return Side.STAFF if self is Side.CUSTOMER else Side.CUSTOMER


class VisitState(StrEnum):
    """How far an appointment at the customer's place has come."""

    PROPOSED = "proposed"  # one side named a time, the other has not said yes
    CONFIRMED = "confirmed"
    DECLINED = "declined"  # no time was agreed
    CANCELLED = "cancelled"
    DONE = "done"
    MISSED = "missed"


class WaitsFor(StrEnum):
    """What work can wait for while its clocks stand still; what of it counts is the policy's."""

    CUSTOMER = "customer"  # 等客户
    THIRD_PARTY = "third_party"  # 等第三方
    COURT = "court"  # 司法
    GROUP = "group"  # merged into another complaint, until it was split off or its result told: likewise
    APPEAL = "appeal"  # judged invalid, until its customer objected: nothing that anybody can ask for


UNASKED = frozenset({WaitsFor.APPEAL, WaitsFor.GROUP})
"""What comes of itself: nobody can ask for it, and no policy says whether its clocks stand still."""
