"""What the bot answers in a conversation, as opposed to notices, which are decided about a complaint.

Each value is a folder under `templates/`. The comment behind it names the facts its words may use.
"""

from __future__ import annotations

from enum import StrEnum


class Answer(StrEnum):
    """An answer to what somebody just wrote."""

    # customers, and employees speaking as one
    HELP_CUSTOMER = "help_customer"  # hello?
    SEND_HERE = "send_here"  # "shall I send you the list?": yes; elsewhere: nothing can be received here
    WHAT_WE_ARE = "what_we_are"  # "are you a robot": yes; employee?; waits: something we asked does
    WHO_READS = "who_reads"  # number: what it is wanted for; employee: of colleagues; waits: something we asked does
    CARD_HIDDEN = "card_hidden"  # a bank card's number was written: nobody reads it, and it is not to be sent
    APPEAL_WHY = "appeal_why"  # "申诉" and nothing else: asks for the reason
    WHAT_HAPPENED = "what_happened"  # "投诉" and nothing else: asks for the matter
    UNCLEAR_CUSTOMER = "unclear_customer"
    WHICH_COMPLAINT = "which_complaint"  # items
    MATTER_ASKED = "matter_asked"  # items; kept: where it was noted meanwhile: that matter, or a new one?
    MATTER_KEPT = "matter_kept"
    SEVERAL_MATTERS = (
        "several_matters"  # matters: a line each; kept: they stay together; apart: the numbers of the others
    )
    UNKNOWN_NUMBER = "unknown_number"  # number
    NO_COMPLAINTS = "no_complaints"
    STATUS = "status"  # staff: as staff read it; contact, files, notes: with these; who: with whom it is, asked for
    LIST_MINE = "list_mine"  # items
    FACTS_RECORDED = "facts_recorded"  # finder?
    ADDED_BY_OTHER = "added_by_other"  # to somebody in copy: recorded, and nothing of the case is told
    WITHDRAW_CONFIRM = "withdraw_confirm"
    WITHDRAW_KEPT = "withdraw_kept"
    RESTORE_CONFIRM = "restore_confirm"
    PROCESS_DONE = "process_done"  # the questions while the work goes on are answered; denied: yes or no
    NOTHING_TO_RATE = "nothing_to_rate"
    NOTHING_TO_ANSWER = "nothing_to_answer"
    RATE_AGAIN = "rate_again"  # the answer to the satisfaction question was not understood
    SURVEY_RECORDED = (
        "survey_recorded"  # the last answer of a questionnaire was written down; shown: to the service centre too
    )
    SURVEY_AGAIN = "survey_again"  # the answer to a further question was not understood; type, zh, en, options_…, key
    SURVEY_OVER = "survey_over"  # a button of a question that is over
    THANKS = "thanks"
    PERSON = "person"  # a human will come back; hotline; ask
    STOPPED = "stopped"
    # number, due; again: it waits already; unsettled: cases in its way; whose: of somebody else, theirs: their requests
    DATA_REQUESTED = "data_requested"
    DATA_ANSWERED = "data_answered"  # number, what, text; done: yes or no
    LANGUAGE_SET = "language_set"
    # those who would not be named
    UNNAMED_WHAT = "unnamed_what"  # "匿名投诉" and nothing else; asked: whether it can be done
    UNNAMED_LATE = "unnamed_late"  # "匿名", said of what was filed by name just before
    UNNAMED_TOO = (
        "unnamed_too"  # filed without a name, as the one before: is it to be? again: asked once more; kept: it is
    )
    UNNAMED_APPEAL = "unnamed_appeal"  # is it theirs without a name that they appeal about? one by name is invalid, too
    UNNAMED_WHICH = "unnamed_which"  # items: several without a name; of which they would be named is not clear
    NAMED_NOW = "named_now"  # the complaint is anonymous no more; ask?: facts that are missing, apart by ","
    UNNAMED_WHERE = "unnamed_where"  # not in a group; link
    CODE_REFUSED = "code_refused"  # minutes: too many wrong ones
    OVERSIZE = "oversize"  # size, at_most: with their units
    EMPTY_MESSAGE = "empty_message"
    # files, edits
    WHAT_ABOUT = "what_about"  # content: a photo, a voice message came without a word; asks what it is about
    FILES_KEPT = "files_kept"  # added to a complaint
    VOICE_KEPT = "voice_kept"  # a voice message was added; asks for a line of text
    FILE_TOO_LARGE = "file_too_large"  # at_most, with its unit; or a_day: together with others of a day
    FILE_FAILED = "file_failed"
    EDIT_RECORDED = "edit_recorded"
    EDIT_NOT_ACTED = "edit_not_acted"  # what was done is not undone by editing the words
    TAKEN_BACK = "taken_back"  # what was said is kept, and the complaint goes on
    EDIT_AFTER_CLOSING = "edit_after_closing"
    # groups, and the way from them, or from mail and SMS, to the private chat
    IN_ROOM = "in_room"  # to the group; link: to the private chat, empty where it is open
    OPEN_PRIVATE = "open_private"  # to the group; link
    SPEAK_AS_YOURSELF = "speak_as_yourself"  # to the group: somebody who hides behind it; link
    CODE_EXPOSED = "code_exposed"  # to the group: a one-time code was said there; link
    ROOM_SET = "room_set"  # to the group; on: yes or no; site, or unknown: a name that no site has
    FACTS_NEEDED = "facts_needed"  # ask
    CONTINUED = "continued"  # goes on here with what began elsewhere
    CONTINUE_FAILED = "continue_failed"
    # staff
    HELP_STAFF = "help_staff"
    HELP_CENTRE = "help_centre"  # cannot: the acts and duties that are for none of the reader's roles
    HELP_ROLES = "help_roles"  # roles: those that are neither the centre's nor an assignee's alone
    GREETED = "greeted"  # staff who say hello; tasks, queue: how many wait, left out where none
    UNCLEAR_STAFF = "unclear_staff"
    NOT_STAFF = "not_staff"  # a staff command by somebody who has not proved to be staff
    PROVE_BY_REPLY = "prove_by_reply"  # a staff mail without the signed token of our notice
    PROVE_WISH = "prove_wish"  # a customer's mail without it that would end or redirect something; what, words, asked
    BOUND = "bound"  # roles
    BIND_FAILED = "bind_failed"
    BIND_LOCKED = "bind_locked"  # too many wrong codes; minutes
    TASKS = "tasks"  # items
    ASKED_OF_YOU = "asked_of_you"  # rows: lines of number|kind of the notice that asked; more
    NO_TASKS = "no_tasks"
    NOTHING_FITS = "nothing_fits"  # count: the tasks in hand, of which none waits for what was said
    QUEUE = "queue"  # items; overdue, unassigned, drill, severity, site, page, more
    QUEUE_EMPTY = "queue_empty"  # asked: yes where a part of it was asked for
    QUEUE_UNKNOWN = "queue_unknown"  # words: what was asked for and is no filter; names: of sites
    PHRASES = "phrases"  # list: lines of number and title; first: its first number; more
    PHRASE = "phrase"  # id, title, words
    PHRASE_KEPT = "phrase_kept"  # id, title, words
    PHRASE_DROPPED = "phrase_dropped"  # id, title
    PHRASE_WRONG = "phrase_wrong"  # why: empty, long, placeholder or missing; what: which
    PHRASE_UNKNOWN = "phrase_unknown"  # words: none such; without them there are none at all
    PHRASE_SENT = "phrase_sent"  # title, words: as the customer reads them
    DRILL_STATE = "drill_state"  # on: yes or no; until; changed: yes; ended: so many practice complaints
    # step; wrong, again, another, whose, drill: yes; unread; choices; aside; behind: names; and by step what it holds
    FORM_ASK = "form_ask"
    FORM_DONE = "form_done"  # within: by when whoever handed it down wants an answer; due: what came of it
    FORM_CANCELLED = "form_cancelled"
    REFER_NEEDED = "refer_needed"  # what: consent or to
    REFER_DONE = "refer_done"
    ENTERED = "entered"  # items
    NONE_ENTERED = "none_entered"  # by_phone: yes, of whoever types in what callers say
    CUSTOMER_NEEDED = "customer_needed"  # "我的投诉" and nothing else: asks for the customer's words and contact
    CONTACT_NEEDED = "contact_needed"  # an entered complaint without a way to reach the customer
    ACCEPT_DONE = "accept_done"
    ALREADY_YOURS = "already_yours"  # accepted before, and what is next
    REPORT_DONE = "report_done"
    REPORT_NEEDED = "report_needed"
    REPORT_EMPTY = "report_empty"  # "in progress" tells the customer nothing: asks once more
    REPORT_UNCOUNTED = "report_uncounted"  # the same again
    REPORT_CONFIRM = "report_confirm"  # text: is it meant for the customer? pause: or is the work to stand still?
    REPORT_DROPPED = "report_dropped"  # it was not: nobody was told
    RELEASE_DONE = "release_done"
    REWORD_NEEDED = "reword_needed"
    REWORD_CONFIRM = "reword_confirm"  # text: shall the customer read this?
    KEEP_BACK_DONE = "keep_back_done"
    NOTHING_TO_RELEASE = "nothing_to_release"
    WHY = "why"  # how each limit came about
    PROMISES = "promises"  # what the customer was promised, and whether it was kept
    PLAN_DONE = "plan_done"
    PLAN_NEEDED = "plan_needed"
    RESULT_NEEDED = "result_needed"
    DONE_OR_BACK = "done_or_back"  # result, rest: what is not theirs; text: all of it
    RESOLVE_DONE = "resolve_done"
    NOT_TODAY = "not_today"  # text: why they cannot come; tomorrow: yes
    LEAD_TOLD = "lead_told"  # text: what the lead of the centre was told, and no customer
    REASON_NEEDED = "reason_needed"
    ACK_DONE = "ack_done"
    ACK_BY_OTHER = "ack_by_other"  # who
    NOTE_DONE = "note_done"  # kept, for colleagues alone; command: what reads as one in it, and was not done
    NOTE_NEEDED = "note_needed"
    PHONE = "phone"  # the whole number, but not by SMS
    LEGAL_HOLD = "legal_hold"  # number; lifted; none, missing (a reason), unknown; or listed: rows of number|since|why
    REVEALS = "reveals"  # who had the whole number
    NAMED_DONE = "named_done"  # who; off: it is not about them after all
    CALL_NOTED = "call_noted"  # who; reached: yes or no; given_up: others were pulled in
    CALL_OUTCOME_NEEDED = "call_outcome_needed"  # who
    CONTACT_TAKEN = "contact_taken"  # they contact the customer themselves
    CONTACT_NOTED = "contact_noted"
    OBSTACLE_NOTED = "obstacle_noted"
    GIVE_BACK_CONFIRM = "give_back_confirm"  # text: kept as the obstacle; or is it to be given back?
    DUTY_TICKED = "duty_ticked"  # duty
    DUTY_WORDS_NEEDED = "duty_words_needed"  # duty
    CORRECTED = "corrected"  # what, old, new
    CORRECTION_NEEDED = "correction_needed"  # choices: what may stand there
    LIMIT_NEEDED = "limit_needed"
    WISH_DROPPED = "wish_dropped"  # of what was asked for and not told whole
    GIVE_BACK_DONE = "give_back_done"
    EXTENSION_SENT = "extension_sent"  # asked: who decides, where not the usual approver; of HOLD_SENT too
    HOLD_SENT = "hold_sent"  # limit
    HOLD_LIMIT_NEEDED = "hold_limit_needed"
    HOLD_WHO_NEEDED = "hold_who_needed"  # who: what may be waited for, to choose from
    HOLD_DONE = "hold_done"  # granted: yes or no
    RESUME_DONE = "resume_done"  # dropped: only a pause had been asked for
    EXTENSION_DONE = "extension_done"  # granted: yes or no
    DECISION_UNCLEAR = "decision_unclear"  # who asks for it, limit; what: extension, hold or leave; start, until
    # who: was named; names: to choose from; offer: these are named that, near to it, or able; assigns: it goes to them
    WHO_NEEDED = "who_needed"
    REMINDED = "reminded"  # done: who was; else who has it, and other: who was named, or tell: the customer was to be, with say
    ASSIGN_DONE = "assign_done"  # who
    ASSIGN_CONFIRM = "assign_confirm"  # who, id, note; until, stand_in: is away; sites: is there for these alone
    ASSIGN_KEPT = "assign_kept"  # it stays where it is
    GROUPING_CONFIRM = "grouping_confirm"  # what: merge, split, link or unlink; items: the first one stays
    GROUPING_DONE = "grouping_done"  # what, numbers, into, people; what is empty where nothing was changed
    GROUPING_NEEDED = "grouping_needed"  # what: the numbers were not said
    GRADE_DONE = "grade_done"  # severity
    STILL_GRAVE = "still_grave"  # from: the severity before; is the danger over?
    GRADE_DECIDED = "grade_decided"  # severity, reason; who: had said so before
    SEVERITY_NEEDED = "severity_needed"
    ASSESSED = "assessed"  # what, value, severity
    ORDER_NEEDED = "order_needed"  # what: order, comment or help, without words
    ORDER_DONE = "order_done"  # what
    BOARD = "board"  # the fields of `bot.storage.board.Open` and `Numbers`; share; site, or sites; more: yes
    LOADS = "loads"  # who has how many: total, loads, a line each; late: yes, more: yes
    LINK_NEEDED = "link_needed"
    PUBLISHED_DONE = "published_done"  # url
    WORDS_WAIT = "words_wait"  # what was to be said outside waits for whoever alone may speak
    INVALID_DONE = "invalid_done"
    INVALID_CONFIRM = "invalid_confirm"  # text: the customer would read it; dropped: nothing is done
    CLOSE_DONE = "close_done"
    FOR_CUSTOMER_DONE = "for_customer_done"  # what: supplement, urge, withdraw or reopen
    ROUNDS_NEEDED = "rounds_needed"  # it may not be closed unsettled yet; missing: so many more rounds
    CALL_BACK_DONE = "call_back_done"  # rating: what the customer said, empty where nobody was reached; tries
    CALL_BACK_NEEDED = "call_back_needed"  # a call-back without what came of it
    NO_CALL_BACK = "no_call_back"  # nothing waits for one
    RATES = "rates"  # response, solved, satisfied, closed: "12/15" each, with percent; asked, unanswered, days
    MARKED = "marked"  # what: mystery or drill; on: yes or no
    # both who arrange a visit
    VISIT_ECHO = "visit_echo"  # as it was understood: start, end, asked: when, off: outside hours, leave: theirs, until
    VISIT_TIME_NEEDED = "visit_time_needed"  # start, end: what was understood of it
    VISIT_SENT = "visit_sent"  # put to the other side: start, end, old_start, old_end, side
    PLAN_WAITS = "plan_waits"  # a time was spoken of, and their word on the plan is still wanted
    VISIT_PAST = "visit_past"  # start, end
    VISIT_RESULT_NEEDED = "visit_result_needed"
    VISIT_NOTED = "visit_noted"  # by: who was not there
    NO_VISIT = "no_visit"  # staff: "yes" or ""
    LEAVE_WHEN = "leave_when"  # asks from when to when
    LEAVE_WHO = "leave_who"  # who: named to stand in and not known; names: of several
    LEAVE_CONFIRM = "leave_confirm"  # start, end, until, stand_in, named, note: right? who: a colleague's
    LEAVE_KEPT = "leave_kept"  # nothing is recorded
    LEAVE_DONE = "leave_done"  # until; granted: yes where it counts already; stand_in?, superior?
    LEAVE_DECIDED = "leave_decided"  # who, granted: yes
    BACK_DONE = "back_done"
    NOT_AWAY = "not_away"  # cancels: yes where leave was to be called off
    AWAY = "away"  # at; rows: lines of name|until|stand-in, empty where nobody is away
    DUTY = "duty"  # names, at; nobody on duty where names is empty; site
    DUTY_SET = "duty_set"  # who, start, until, site; weekly, hours: of a row that recurs
    DUTY_UNKNOWN = "duty_unknown"  # who or when was not understood
    # several on one complaint
    PART_WHAT_NEEDED = "part_what_needed"  # who
    PARTS_GIVEN = "parts_given"
    PART_RESULT_NEEDED = "part_result_needed"
    PART_NOTED = "part_noted"  # did: accepted, done, given_back, moved, asked_time or reported; who
    PART_OVER = "part_over"  # who
    PART_TIME_DONE = "part_time_done"  # who, granted: yes or no
    RESULT_WAITS = "result_waits"  # the lead is done, parts of others are open
    RESULT_CONFIRMED = "result_confirmed"
    STEP_TICKED = "step_ticked"  # step, left: numbers
    STEPS_OPEN = "steps_open"  # steps: numbers; are they done?
    STEPS_LEFT = "steps_left"  # left: numbers; nothing was done
    EVIDENCE_NEEDED = "evidence_needed"
    EVIDENCE_KEPT = "evidence_kept"  # count; signed: yes where the customer signed it; witness: what somebody says
    SIGNED_NEEDED = "signed_needed"
    CAUSE_NEEDED = "cause_needed"
    CAUSE_NOTED = "cause_noted"  # missing: cause or responsible
    FORCE_NOTED = (
        "force_noted"  # did: formed, added, confirmed, minutes, dissolved or reported; names; link: makes a group
    )
    FORCE_STATE = "force_state"  # minutes: the last; all_minutes: rows of at|who|text, earlier: how many more there are
    FORCE_NEEDED = "force_needed"  # what: commander or members
    FORCE_ROOM_SET = "force_room_set"  # to the group
    NOT_YET = "not_yet"  # a command that this version understands but does not offer
    # did: put or agreed; said: what waited for it and goes out now; nobody: could agree to one; else it is shown
    WORDING_NOTED = "wording_noted"
    # did: begun, with mediator, until, pause (asked for) and asked (of whom), or over, with result; or missing
    MEDIATION_NOTED = "mediation_noted"
    OPINION_NOTED = "opinion_noted"  # did: asked, with who and due, or given; or missing: number, who or what
    PLAYBOOK = "playbook"  # did: begun or ticked, with step; others: titles, where none fits
    # did: proposed, approved, rejected or learned, with id, proposes, who or site, what, what_en, due, note, nobody (to
    # decide); or missing: number, who, what, reason or self; unknown; own
    CONDUCT_NOTED = "conduct_noted"
    CONDUCT = "conduct"  # rows: id, kind, number, who, what, apart by "|"; more
    CAUSES = "causes"  # rows: kind of cause ("" where none was told) and how many, apart by "|"; days
    # rows: id, report, period, site and due of those that wait, apart by "|"; unknown; adds: what is to
    # be added to one of them, unclear: or changed; undoes: a remark is to be taken away; or sent, with names, and as
    # REPORT_DRAFT; or draft, as that, with did: added, undone, none (to be undone), asked (what to add), too_long: most, chars
    REPORTS = "reports"
    CHORE_NOTED = "chore_noted"  # did: nothing or entry, with id and what; or missing: found; or which: rows of id|what
    CHORES = "chores"  # rows: site, what, done in time, late and not at all, apart by "|"; days
    # rows: of one, with who, period, score, grade, basis and scale: what, how many and points; many: who, grade, score;
    # apart by "|"; more; going_on: the period is; none: nobody is graded; unknown: of whom; period_unknown
    APPRAISAL = "appraisal"
    TRAINING = "training"  # rows: who, done, due, what and note, apart by "|"
    IMPROVEMENT_NOTED = "improvement_noted"  # who, what, due, done; or missing: who or due; or unknown
    IMPROVEMENTS = "improvements"  # rows: who or number, due ("" once done) and what, apart by "|"
    DATA_NOTED = (
        "data_noted"  # number; done: yes or no; or missing: text or identity; unknown; verified; open, held; erase
    )
    DATA_SHOWN = "data_shown"  # one request, as who sees to it is told of it
    DATA_OPEN = "data_open"  # rows: lines of number|what|due
    # refusals: the word of complaints.errors.Refused.reason
    REFUSED_ILLEGAL_STEP = "refused_illegal_step"  # detail, or: number, status, staff
    REFUSED_NOT_ALLOWED = "refused_not_allowed"  # why, act, number, holder, ask: a name
    REFUSED_MISSING = "refused_missing"  # detail, what?, said


class Why(StrEnum):
    """Why a message of ours reached nobody, or one of theirs was set aside: what people are told of it.

    What a server or a library said stands in the tables, for whoever looks there.
    """

    NO_ROAD = "no_road"
    MUTED = "muted"  # they asked for nothing but answers
    REFUSED = "refused"
    NO_WORDS = "no_words"
    NO_SENDER = "no_sender"
    UNREADABLE = "unreadable"
    BREAKS = "breaks"
    NO_CHANNEL = "no_channel"
    TOO_MANY = "too_many"


class Internal(StrEnum):
    """What staff hear about the service itself."""

    PERSON_WANTED = "person_wanted"  # a customer asks for a person: who, text
    DATA_REQUEST = "data_request"  # number, who, due; what: copy or erase; unproven; again
    IMPROVEMENT = "improvement"  # who, what, due; again, late; or done, with note: to whoever asked for it
    PROPOSAL = "proposal"  # to whoever decides: proposes, and as in CONDUCT_NOTED; proposed_by, again
    PROPOSAL_DECIDED = "proposal_decided"  # outcome, note, by, and what PROPOSAL has
    # to whoever sends it: id, report, period, site, due, report_file, figures, or lines and empty_zh, empty_en; note:
    # remarks, one to a line; again: due or late; owed_by: to their superior
    REPORT_DRAFT = "report_draft"
    REPORT_SENT = "report_sent"  # to whom it is for: as REPORT_DRAFT, and by, note
    CHORE = "chore"  # to the head of a site: id, what_zh, what_en, site, due; again, missed; owed_by: to their superior
    COURSE = "course"  # to whoever should take it: id, what, what_en, due; again
    CALL_OFF = "call_off"  # to whoever was asked to phone about a plan: agreed: yes or no; text
    UNDELIVERABLE = "undeliverable"  # kind, who, phone, why: somebody has to phone; number where there is no `c`
    # kind, who, phone: may or may not have arrived; channel, since: nor may anything else by that channel
    UNCERTAIN = "uncertain"
    UNREACHED = "unreached"  # items: whom nothing reached today, in the evening; count
    STAND_IN = "stand_in"  # kind, who, phone: to the backup of somebody who cannot be reached
    CALENDAR_CHANGED = "calendar_changed"  # items; count, later, earlier: of open complaints whose limits moved; more
    CHANNEL_DOWN = (
        "channel_down"  # channel, since, count: of messages that wait; doubtful: of those that may have arrived
    )
    CHANNEL_BACK = "channel_back"  # channel, since, count: of messages that took another road; doubtful
    DIGEST = "digest"  # items: several notices in one message
    QUARANTINED = "quarantined"  # channel, number, why
    DAMAGED = "damaged"  # number: of a complaint whose record cannot be read
    CAMPAIGN_REMARK = "campaign_remark"  # an answer in a campaign to look at: who, text, name, asked_…
    CAMPAIGN_QUESTION = "campaign_question"  # to customers, apart from any complaint; as survey_question, and intro
    LEAVE_ASKED = "leave_asked"  # to the superior: who, start, until, note, id
    LEAVE_ANSWERED = "leave_answered"  # granted: yes or no; by, start, until; why
    LEAVE_TOLD = "leave_told"  # who, start, until, stand_in
    LEAVE_TASKS = "leave_tasks"  # who, until, stand_in; moved: numbers that went over; items: those that stay
    LEAVE_OVER = "leave_over"  # who: is back, or does not go
    DUTY_CHANGED = "duty_changed"  # to whoever is on duty now by somebody's word: by, start, until, site
    FILES_HERE = (
        "files_here"  # to the assignee, with the files: files: their ids; count, names; left: what was too large
    )
    BINDING_CHANGED = "binding_changed"  # told to the address that lost its binding
