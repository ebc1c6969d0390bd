"""Was this mail written by a machine? Answering one of those starts a loop (trap 14).

The worse error is the other one: a person's complaint taken for a machine's mail. So a sign counts alone only where mail
clients never put it on what a person writes; every other sign, words above all, counts only beside a second one. What was
decided where the vendors leave it open:

- `X-Auto-Response-Suppress` asks not to be answered by machines; Exchange sites set it on people's mail too. Never alone.
- `List-Id` alone is a list's mail, unless the list is our own, or a person wrote to a discussion list (one that takes
  posts) and to us by name.
- `postmaster` is a person in small firms. Only together with what bounces say.
- `noreply` counts alone: nobody could be answered there. A web form that names its writer in Reply-To is that person's.

Sources: RFC 3834 sections 2 and 5, RFC 5230 section 4.6, RFC 3464, RFC 8098, RFC 8058; the programs named below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from connectors.email.headers import Header, addresses, clean_address, first_address, tidy_line
from connectors.email.quotes import cuts_history

OWN_MARK = "X-Complaintbot"

_NOBODY = re.compile(r"^(no[-_.]?reply|do[-_.]?not[-_.]?reply|auto-?reply|auto-?responder)([-+_=].*)?$", re.I)
_DAEMON = re.compile(
    r"^(mailer-?daemon|mailer_daemon|mail-?daemon|double-bounce|bounces?|microsoftexchange[0-9a-f]{32})([-+_.=].*)?$",
    re.I,
)
_POSTMASTER = re.compile(r"^(postmaster|mailadmin|mail-?system)([-+_.=].*)?$", re.I)
_DAEMON_NAME = re.compile(
    r"^\W*(mail delivery (sub)?system|mailer-daemon|mail system|system administrator|mail administrator|"
    r"internet mail delivery|"
    r"(?:[a-z]{1,12}[ -])?postmaster|邮件系统|邮件系统管理员|邮箱系统|系统管理员|邮件管理员|退信(通知|系统)?|系统退信|郵件系統|"
    r"系統管理員|メール配信システム)\W*$",
    re.I,
)
_WATCHERS = (
    (re.compile(r"^(root|cron)$", re.I), re.compile(r"^\W*(?:Cron <|Logwatch for\b)")),
    (
        re.compile(r"^(nagios|zabbix|icinga2?|monit|alertmanager|logwatch|prometheus|grafana|fail2ban)$", re.I),
        re.compile(r"^\W*(?:(?:PROBLEM|RECOVERY|RESOLVED|CRITICAL|FIRING|ALERT|ALERTING)\b|告警\W|Logwatch for\b)"),
    ),
)
_DMARC_REPORT = re.compile(r"^report domain: .{1,200} submitter: ", re.I)

_AUTO_REPLY = (
    "自动回复|自動回覆|自動回復|自动答复|自動答覆|自动应答|自動應答|自動回信|自动回信|外出自动回复|休假自动回复|"
    ""
    "automatic reply|automatic response|automated reply|automated response|auto[- ]?reply(?: from [^:]{1,60})?|"
    "auto[- ]?response|"
    "autoresponder|"
    "out of (?:the )?office(?: autoreply| reply)?|ooo|vacation (?:auto-?)?(?:reply|notice|message|responder)|"
    "away from (?:my )?(?:office|desk)|"
    "automatische antwort|automatische rückmeldung|abwesenheitsnotiz|abwesenheitsmeldung|abwesenheitsbenachrichtigung|"
    "abwesenheitsassistent|abwesend|"
    "réponse automatique|reponse automatique|message d['’]absence|notification d['’]absence|absence du bureau|absence|"
    "absent du bureau|"
    "respuesta automática|respuesta automatica|fuera de (?:la )?oficina|ausencia|risposta automatica|fuori sede|"
    "fuori ufficio|"
    "resposta automática|resposta automatica|fora do escritório|ausência temporária|ausente do escritório|"
    "automatisch antwoord|automatische beantwoording|afwezigheidsbericht|afwezig|niet aanwezig|buiten kantoor|"
    "odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|poza biurem|nieobecność|"
    "автоматический ответ|автоответ|нет на рабочем месте|отсутствие на рабочем месте|"
    "自動返信|自動応答|不在通知|不在のお知らせ|(?:부재중 ?)?자동 ?(?:회신|응답)|automatiskt svar|automatisk svar|autosvar|"
    "automaattinen vastaus|"
    "automatická odpověď|automatikus válasz|otomatik yanıt"
)
_AUTO_SUBJECT = re.compile(
    rf"^[\s\[【(<《「]*({_AUTO_REPLY})"
    r"(?:\s*(?P<dash>[-–—])|\s*[\]】)>》」]\s*[:-]?|\s*[:(\[【]|\s*$|\s+(?=(?:re|aw|回复|答复)\s*:))\s*(?P<rest>.*)",
    re.I,
)
# What such a program says of its owner, or of the mail it answers. A person tells such things of others, or of the past.
_VACATION = re.compile(
    r"(?:我|本人)(?:正在|目前|现在|现(?!在)|最近)+(?:休假|度假|出差|外出|休年假|不在)"
    r"|无法(?:及时|立即|马上|亲自)(?:回复|处理|查看)|[已己](?:经)?收到您?的?(?:邮件|来信|信件)，"
    r"|您(?:的|发来的)(?:邮件|来信|信件)(?:我)?[已己](?:经)?收到|尽快(?:给您)?(?:回复|答复|与您联系)"
    r"|\bI(?: am|'m|’m| will be|'ll be)(?: currently)? (?:out of|away|on (?:annual )?(?:vacation|leave|holiday))"
    r"|\bI(?: will)? have limited access|received your (?:e-?mail|message)"
    r"|\bich bin (?:derzeit |zur ?zeit )?(?:nicht im|im urlaub|außer haus|abwesend)|\bje (?:suis|serai) (?:absent|"
    r"en congé)"
    r"|\b(?:estoy|estaré) (?:fuera|de vacaciones|ausente)|\b(?:sono|sarò) (?:fuori|in ferie|assente)"
    r"|\b(?:estou|estarei) (?:fora|de férias|ausente)|\bik ben (?:niet aanwezig|afwezig|met vakantie)"
    r"|\bjestem (?:na urlopie|poza biurem|nieobecn)|\bя (?:в отпуске|отсутству)|不在にして|休暇中|出張中|부재중",
    re.I,
)
_SAYS_SO = re.compile(
    r"^[ \t*#=>-]*(?:"
    r"[这此本](?:是)?(?:一封)?(?:邮件|信件|回复)?(?:[为是由系])?(?:一封)?(?:系统)?(?:的)?"
    r"自动(?:回复|答复|发送|发出|应答|生成)(?:的)?(?:邮件|信件|消息)?"
    r"|[【\[（(](?:系统)?自动回复[】\]）)](?=\s*(?:您好|你好|感谢|谢谢|尊敬|邮件|来信|已收到))\s*\w+"
    r"|this is an? (?:auto(?:matic|mated)?|automatically generated|system[- ]generated)[- ]?"
    r"(?:e-?mail )?(?:reply|response|message|e-?mail|acknowledg\w+)"
    r"|dies ist eine automatische (?:antwort|nachricht)|ceci est (?:un message|une réponse) automatique)"
    r"(?=\s*(?:$|[,.;，。；、!！(（]|请勿|请不要|please|do not))",
    re.I | re.M,
)
_ANSWERED = re.compile(r"^(?:re|fw|fwd|aw|回复|答复|转发|回覆)\s*:|[A-Z]{1,8}\d{8}-\d{4,}", re.I)
_RECEIPT_SUBJECT = re.compile(
    r"^[\s\[【(]*(已读回执|已讀回條|阅读回执|收信回执|收条|已读|已讀|未读|未讀|read|not read|read receipt|"
    r"return receipt|gelesen|lu|leído|letto|lida|"
    r"gelezen|przeczytano|прочтено|прочитано|開封済み|開封確認|disposition notification)\s*(?:[\]】)]|[:\-(]|$)",
    re.I,
)
# What a program says of the mail that was read. A person says that they have read it, not that it has been.
_WAS_READ = re.compile(
    r"[您你](?:的|发送的|发给.{1,60}的)?邮件.{0,200}[已己](?:经)?(?:于.{1,40})?被.{0,80}(?:阅读|打开|查看|读取)"
    r"|your (?:message|mail|e-?mail|document).{0,200}(?:was|has been) (?:read|displayed|opened) (?:on|at)\b",
    re.I | re.S,
)
_IS_RECEIPT = re.compile(
    r"这是(?:一封)?(?:您发送的)?(?:邮件)?(?:的)?(?:收件人.{0,80})?(?:已读|阅读)?(?:回执|收条)(?!照)|此回执[只仅]"
    r"|收件人.{0,80}已(?:经)?(?:于.{1,40})?(?:阅读|打开|查看)(?:了)?(?:该|此|您的)?(?:邮件|[。.]|$)"
    r"|this is a (?:read|return) receipt|this (?:return )?receipt only|receipt for the mail you sent"
    r"|wurde gelesen|a été lu|fue leído|è stato letto|foi lid[ao]",
    re.I | re.S,
)
_CALENDAR_ANSWER = re.compile(
    r"^\W*(accepted|declined|tentative|tentatively accepted|new time proposed|已接受|已拒绝|暂定|接受|拒绝|"
    r"已暂时接受|建议新时间|zugesagt|abgesagt|"
    r"mit vorbehalt|accepté|refusé|aceptad[ao]|rechazad[ao]|accettato|rifiutato)\W{0,3}:",
    re.I,
)
_CALENDAR_REPLY = re.compile(
    rb"content-type:\s*text/calendar[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*method\s*=\s*\"?reply", re.I
)

BOUNCE_SUBJECT = re.compile(
    r"^[\s\[【(*]*(?:来自.{1,20}的退信|系统退信|系統退信|退信通知|退信|邮件退回|邮件投递失败|邮件发送失败|"
    r"邮件投递延迟|投递失败|发送失败|投递状态通知|"
    r"未送达|未送達|未传递|未傳遞的主旨|无法送达|無法傳遞|传递状态通知|傳送狀態通知|邮件无法送达|"
    r"undeliverable|undelivered|undeliverd|delivery status notification|delivery (?:has )?(?:failed|failure|"
    r"delayed|report|notification)|mail delivery|"
    r"mail system error|mail(?:ing)? (?:could not|failure|failed)|message (?:could not|delivery|status|you sent)|"
    r"returned mail|returned to sender|"
    r"failure notice|failed (?:mail|delivery)|warning: (?:message|could not)|non[- ]?delivery|nondeliverable|"
    r"non remis|unzustellbar|nicht zustellbar|"
    r"no se (?:puede|pudo) entregar|non recapitabile|não é possível entregar|onbestelbaar|niet bestelbaar|"
    r"niedostarczon|недоставленное|недоставлено|"
    r"не удалось доставить|配信不能|配達不能|未配信|systems? bounce|auto(?:matic)?:? bounce|bounce)",
    re.I,
)
BOUNCE_WORDS = re.compile(
    r"退信|投递失败|无法(?:投递|送达|发送|递送)|未能(?:投递|送达|送抵|发送)|发送失败|拒绝(?:接收|收信)"
    r"|(?:邮箱|用户|收件人|账号|帐号)(?:地址)?不存在|不存在.{0,20}(?:邮箱|用户|账号|帐号)"
    r"|(?:could|can) ?not (?:be delivered|deliver)|couldn'?t be delivered|was ?n[o']t delivered|did not reach|"
    r"undeliverable"
    r"|(?:wasn't|unable|not) able to deliver|unable to deliver|failed recipients?|returned to (?:you|sender)"
    r"|delivery (?:to the following|failed|has failed|failure|incomplete|attempts|temporarily)"
    r"|permanent (?:fatal )?errors?|(?:has been|is) delayed|(?:not yet|n't|not) been delivered|still undelivered|"
    r"warning message only"
    r"|\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|\bsmtp; ?[45]\d\d\b",
    re.I,
)

# A bounce speaks to the writer of a mail about that mail.
_TO_THE_WRITER = re.compile(
    r"[您你](?:的|发送的|发给|发往|所发|发出的|发送给)[^。\n]{0,60}(?:邮件|信件)|[您你]的邮件|退回邮件|被退回来了"
    r"|your (?:message|mail|e-?mail)|message that you sent|message you sent|original message|this is the mail system"
    r"|(?:following|these) (?:address|recipient)|delivery (?:status|failure) notification|attached message|"
    r"delivery to the following",
    re.I,
)

_DECLARING = (
    "x-autoreply", "x-auto-reply", "x-autoreply-from", "x-autorespond", "x-auto-respond", "x-autoresponse", "x-auto-response",
    "x-autoresponder", "x-mail-autoreply", "x-autogenerated", "x-auto-generated", "x-vacation", "x-failed-recipients",
    "x-ms-exchange-message-is-ndr", "x-cron-env",
)  # fmt: skip
_READ = 20_000  # characters of a text in which signs are looked for
_NO = frozenset({"no", "none", "false", "0"})
_PLUS_TAG = re.compile(r"\+[^@]*@")
_LIST_ID = re.compile(r"<([^<>]+)>")


def automatic_reason(
    header: Header, own_addresses: Collection[str] = (), own_domains: Collection[str] = (), text: str = ""
) -> str | None:
    """Return which sign says that a machine wrote this mail, None for a person's.

    own_addresses: ours, lower-cased; a mail from one of them is our own coming back. own_domains: a mailing list of ours
    (a group address that hands us what people write to it) is no sign. text: the mail's readable text; it decides nothing
    alone.
    """
    subject = _subject(header)
    reason = (
        _ours(header, own_addresses)
        or _declared(header)
        or _mailing_list(header, own_addresses, own_domains)
        or _by_sender(header, subject, text)
        or _auto_reply(header, subject, text)
        or _receipt(header, subject, text)
        or _calendar_answer(header, subject)
        or _says_so(header, text)
    )
    return tidy_line(reason) if reason else None


def is_robot_address(address: str) -> bool:
    """Tell whether nobody reads an address: answering it is pointless."""
    local = clean_address(address).partition("@")[0]
    return bool(_NOBODY.match(local) or _DAEMON.match(local))


def is_bounce_sender(header: Header) -> bool:
    """Tell whether a mail comes from a program that delivers mail."""
    sender = first_address(header.plain("from"))
    if sender is None:
        return any(value.strip() == b"<>" for value in header.raw("return-path")[:1])
    local = sender.address.partition("@")[0]
    return bool(_DAEMON.match(local) or _POSTMASTER.match(local) or _DAEMON_NAME.match(sender.name))


def is_read_receipt(header: Header, text: str) -> bool:
    """Tell whether a mail that follows no standard reports in words that a mail was read."""
    return _receipt(header, _subject(header), text) is not None


# --- signs that count alone ------------------------------------------------------------------------------------------


def _ours(header: Header, own_addresses: Collection[str]) -> str | None:
    if header.raw(OWN_MARK.lower()):
        return f"carries our own mark {OWN_MARK}"
    sender = first_address(header.plain("from"))
    if sender and {sender.address.lower(), _PLUS_TAG.sub("@", sender.address.lower())} & set(own_addresses):
        return "comes from our own address"
    return None


def _declared(header: Header) -> str | None:
    submitted = _token(header, "auto-submitted")
    if submitted and submitted not in _NO:
        return f"Auto-Submitted: {submitted[:60]}"
    if any(value.strip() == b"<>" for value in header.raw("return-path")[:1]):  # the first is our own server's
        return "empty Return-Path"
    content_type = _token(header, "content-type")
    if content_type in ("multipart/report", "message/delivery-status", "message/disposition-notification"):
        return f"Content-Type: {content_type}"
    for name in _DECLARING:
        if header.raw(name) and _token(header, name) not in _NO:
            return f"{name} is set"
    precedence = _token(header, "precedence")
    if precedence in ("junk", "auto_reply", "auto-reply"):
        return f"Precedence: {precedence}"
    if header.raw("list-unsubscribe-post"):
        return "List-Unsubscribe-Post: sent in bulk"  # RFC 8058: nothing but bulk mail has it
    return None


def _mailing_list(header: Header, own_addresses: Collection[str], own_domains: Collection[str]) -> str | None:
    list_id = header.plain("list-id").lower()
    match = _LIST_ID.search(list_id)
    name = match[1] if match else list_id
    if name and any(name == domain or name.endswith("." + domain) for domain in map(str.lower, own_domains)):
        return None
    precedence = _token(header, "precedence")
    if not name:
        return f"Precedence: {precedence}" if precedence in ("bulk", "list") else None
    takes_posts = "mailto:" in header.plain("list-post").lower()
    named = {each.lower() for each in addresses([*header.raw("to"), *header.raw("cc")])}
    if takes_posts and named & set(own_addresses):
        return None
    return f"List-Id: {name[:80]}"


# --- signs that count beside another ---------------------------------------------------------------------------------


def _by_sender(header: Header, subject: str, text: str) -> str | None:
    sender = first_address(header.plain("from"))
    if sender is None:
        return None
    local = sender.address.partition("@")[0]
    called = f"sender is {local.lower()[:40]}"
    if _DAEMON.match(local):
        return called
    if _NOBODY.match(local):
        return None if _form_of_a_person(header, subject) else called
    if _POSTMASTER.match(local) and _speaks_of_bounce(subject, text):
        return f"{called} and speaks of a bounce"
    if _DAEMON_NAME.match(sender.name) and BOUNCE_SUBJECT.match(subject) and _speaks_of_bounce(subject, text):
        return f"sender is called {sender.name[:40]} and speaks of a bounce"
    if any(who.match(local) and what.match(subject) for who, what in _WATCHERS):
        return f"{called} and reports a state"
    if _DMARC_REPORT.match(subject):
        return "a DMARC report"
    return None


def _speaks_of_bounce(subject: str, text: str) -> bool:
    said = f"{subject}\n{text[:_READ]}"
    return bool(BOUNCE_WORDS.search(said) and _TO_THE_WRITER.search(said))


def _form_of_a_person(header: Header, subject: str) -> bool:
    """A web form sends a person's words: Reply-To names the person."""
    answer_to = first_address(header.plain("reply-to"))
    if answer_to is None or is_robot_address(answer_to.address):
        return False
    return not (_AUTO_SUBJECT.match(subject) or BOUNCE_SUBJECT.match(subject))


def _auto_reply(header: Header, subject: str, text: str) -> str | None:
    """A subject that a vacation program makes, of a mail that looks like what one sends.

    Alone the subject proves nothing ("自动回复: 你们的机器人答非所问" is a complaint), and a person who answers an automatic
    reply has a "Re:" in front. A person who changed the subject of an answer has quoted what they answer.
    """
    match = _AUTO_SUBJECT.match(subject)
    if match is None:
        return None
    answered = bool(_ANSWERED.search(match["rest"]))
    if cuts_history(text) and not answered:
        return None
    if header.raw("in-reply-to") or header.raw("references"):
        second = "answers a mail"
    elif answered:
        second = "has the subject of the mail it answers"
    elif _suppresses(header):
        second = "asks for no automatic answer"
    elif not match["dash"] and len(text) < 2000 and _VACATION.search(text):
        second = "says what such programs say"
    elif not match["dash"] and _SAYS_SO.search(text[:2000]):
        second = "says that it is automatic"
    else:
        return None
    return f"subject begins with {match[1]!r} and {second}"


def _receipt(header: Header, subject: str, text: str) -> str | None:
    match = _RECEIPT_SUBJECT.match(subject)
    if match is None:
        return None
    answers = header.raw("in-reply-to") or header.raw("references")
    if not (_WAS_READ.search(text[:3000]) or (answers and _IS_RECEIPT.search(text[:3000]))):
        return None
    return f"subject begins with {match[1]!r} and it reports that a mail was read"


def _calendar_answer(header: Header, subject: str) -> str | None:
    """An answer to an invitation. We send none; an invitation from a person is that person's mail."""
    kind = header.plain("content-type").lower()
    reply = "text/calendar" in kind and "reply" in kind
    if not reply and _CALENDAR_ANSWER.match(subject):
        reply = kind.startswith("multipart/") and bool(_CALENDAR_REPLY.search(header.body[:65536]))
    return "a calendar's answer to an invitation" if reply else None


def _says_so(header: Header, text: str) -> str | None:
    """A short answer that declares itself in a sentence of its own, from programs that set no header for it."""
    answers = header.raw("in-reply-to") or header.raw("references")
    said = text.strip()
    if not answers or len(said) > 600 or cuts_history(text):
        return None
    match = _SAYS_SO.search(said)
    return f"answers a mail and says {match[0].strip()[:40]!r}" if match else None


def _suppresses(header: Header) -> bool:
    asked = {part.strip() for part in header.plain("x-auto-response-suppress").lower().split(",")}
    return bool(asked & {"all", "oof", "autoreply"})


def _subject(header: Header) -> str:
    return unicodedata.normalize("NFKC", header.text("subject") or "")


def _token(header: Header, name: str) -> str:
    return header.plain(name).split(";")[0].split("(")[0].strip().lower()
