"""What stands below a person's words without being theirs: signatures, phone footers, legal notices.

Only what is plainly marked goes. A name and a telephone number may be all that a complaint says about its writer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.email.quotes.words import DRAWN

_LONGEST_FOOTER = 120
_MOST_FOOTERS = 60
_RULE = re.compile(rf"^\s{{0,80}}(?:[{re.escape(DRAWN)}]\s?){{3,}}$")

# --- phone footers ---------------------------------------------------------------------------------------------------

# "发自我的iPhone 15 Pro", "来自 vivo 自带邮箱": a line of these words and nothing else; "来自我的邻居的噪音" is a complaint.
_ZH_LEAD = re.compile(r"^(?:发自|發自|发送自|發送自|傳送自|寄自|来自|來自|从|從|自|由|通过|透過|使用|用|以)\s*")
_ZH_BY = frozenset(("由", "通过", "透過", "使用", "用", "以"))
_ZH_SENT = re.compile(r"发送|發送|傳送|发出|發出|寄出|回复|回覆")
_ZH_DEVICE = re.compile(
    r"iPhone|iPad|iPod|Mac|Apple|iOS|Android|安卓|Windows|小米|红米|紅米|华为|華為|荣耀|榮耀|三星|魅族|一加|"
    r"努比亚|中兴|联想|錘子|锤子|坚果|OPPO|vivo|iQOO|realme|Redmi|Xiaomi|HUAWEI|HONOR|Samsung|Galaxy|OnePlus|"
    r"Pixel|Nokia|HTC|Sony|Xperia|BlackBerry|Outlook|Proton|Foxmail|Coremail|手机|手機|平板|电脑|電腦|移动设备|"
    r"行動裝置|移动端|网易|阿里|新浪|搜狐|腾讯|騰訊|企业微信|钉钉|飞书|139|189|QQ|Gmail|Yahoo|Hotmail|"
    r"163|126|邮箱|郵箱|信箱|邮件|郵件",
    re.I,
)
_ZH_FILLER = re.compile(
    r"我的|自带|安全|加密|智能|智慧|专属|商务|企业|個人|个人|免费|奇摩|电子|電子|手机|手機|平板|电脑|電腦|设备|"
    r"裝置|移动|行動|大师|客户端|用戶端|極速|极速|应用|應用|程式|程序|App|版|专业|網頁|网页|发送|發送|發出|"
    r"发出|发来|發來|傳送|寄出|寄送|回复|回覆|编辑|撰写|的|给您|适用于|適用於|官方"
)
_ZH_REST = re.compile(r"^[\s\w+.\-_()（）·,，。.!！]*$", re.A)
_LONG_NUMBER = re.compile(r"\d{4}")
_LINK = re.compile(r"[<(（\[]?\s*(?:https?://|www\.)[^\s<>）)\]]{1,400}\s*[>)）\]]?", re.I)
_ZH_GET = re.compile(
    r"^(?:获取|获得|取得|下載|下载)\s*(?:适用于|適用於)?.{0,20}(?:Outlook|邮箱|郵箱|郵件|邮件|客户端).{0,20}$", re.I
)
_ZH_SIGNED = re.compile(
    r"^签名由\s*网易.{0,20}$|^Signature is customized by Netease.{0,20}$|^该邮件由.{0,20}(?:邮箱|客户端|大师)发送$",
    re.I,
)

_DEVICES = (
    r"iPhon|Mailspring|iPad|iPod|iOS|\bMac|Apple|Android|Galaxy|Samsung|Huawei|Honor|Xiaomi|Redmi|\bMi\b|"
    r"OnePlus|OPPO|vivo|realme|Pixel|Nokia|HTC|\bLG\b|Sony|Xperia|Motorola|Moto\b|BlackBerry|Windows|Outlook|"
    r"Yahoo|Gmail|Hotmail|\bAOL\b|Proton|Tutanota|\bTuta\b|Spark|Superhuman|K-9|Thunderbird|BlueMail|Foxmail|"
    r"NetEase|\bQQ|Naver|네이버|Zoho|\bGMX|WEB\.DE|Telekom|Orange|Mail\.ru|Яндекс|Yandex|Почт|メール|메일|"
    r"Airmail|\bcell\b|phone|smartphone|mobile|mobil\b|handheld|tablet|device|handy|mobiltelefon|mobilgerät|"
    r"gerät|telefon|téléphone|portable|móvil|movil|celular|teléfono|telemóvel|dispositivo|cellulare|telefono|"
    r"telefoon|mobiel|komórk|urządzen|телефон|смартфон|планшет|мобильн|puhelin|puhelim|laittee|携帯|"
    r"スマートフォン|스마트폰|휴대폰|cihaz"
)
_DEVICE = re.compile(_DEVICES, re.I)
_FOOTER = re.compile(
    r"^[\s\-–—|*_(<«\[]{0,6}(?:"
    r"sent (?:from|via|with|using|by|on|through)\b|get (?:the )?outlook for|download outlook for|get bluemail|"
    r"sent securely"
    r"|(?:diese (?:nachricht|e-?mail) wurde )?(?:von|mit|aus|über) (?:meinem?|meiner|der|"
    r"dem)?\b.{0,60}(?:gesendet|verschickt|verfasst)\b"
    r"|gesendet (?:von|mit|aus|über)\b|holen sie sich outlook|outlook für .{2,12} (?:beziehen|herunterladen|"
    r"laden)|von .{2,40} gesendet"
    r"|envoyé (?:de|depuis|à partir|avec|via|par|du)\b|télécharge[rz] outlook|obtenir outlook|obtenez outlook|"
    r"provenance\s?:\s?courrier"
    r"|enviado (?:desde|con|mediante|a través|do|da|de|a partir|pelo|pela|via|com|por)\b|(?:obtener|obtén|"
    r"descargar) outlook"
    r"|(?:obter|obtenha|baixe|baixar|transferir) (?:o )?outlook|inviato (?:da|dal|dalla|con|tramite|dall)\b|"
    r"(?:ottieni|scarica) outlook"
    r"|(?:verzonden|verstuurd|gestuurd) (?:vanaf|met|vanuit|via|van|door)\b|outlook voor .{2,12} (?:downloaden|"
    r"ophalen)|(?:download|haal) outlook"
    r"|wysłan[oey] (?:z|ze|za pomocą|przez|przy użyciu)\b|pobierz (?:aplikację |program )?outlook|"
    r"uzyskaj (?:aplikację )?outlook"
    r"|отправлено (?:с|из|со|через|от)\b|(?:скачать|получить|загрузить) outlook|надіслано (?:з|із)\b|"
    r"відправлено (?:з|із)\b"
    r"|.{2,40}から送信(?:されました|しました)?|.{2,40}から送りました|outlook for .{2,10}\s?を(?:入手|取得)|"
    r".{2,12}\s?版\s?(?:の\s?)?outlook\s?を(?:入手|取得)"
    r"|.{2,40}에서 (?:보냄|보냈습니다|발송|보낸 메일)|outlook for .{2,10} 받기|.{2,10}용 outlook (?:다운로드|받기)"
    r"|.{2,40}(?:dan|den|tan|ten|ile) gönderildi|.{2,10} için outlook.{0,20}"
    r"|skickat från\b|hämta outlook|sendt fra\b|hent outlook|få outlook|skaff deg outlook|lähetetty\b|"
    r"hanki outlook|lataa outlook"
    r"|odesláno (?:z|ze|pomocí)\b|získ(?:ejte|at) outlook|odoslané (?:z|zo)\b|elküldve\b|küldve\b|"
    r"trimis (?:de pe|din|cu)\b"
    r")",
    re.I,
)
_VIRUS_FREE = re.compile(
    r"^(?:virus-?free|virenfrei|sans virus|libre de virus|sin virus|livre de vírus|senza virus|virusvrij|"
    r"wolny od wirusów|без вирусов|不含病毒|无病毒|無病毒)"
    r"[.。]?\s*(?:www\.(?:avast|avg)\.com.{0,60})?$|^(?:this e-?mail|diese e-?mail|cet e-?mail|este correo|"
    r"本邮件|此邮件).{0,60}(?:avast|avg|antivirus|杀毒).{0,80}$",
    re.I,
)

# --- signatures ------------------------------------------------------------------------------------------------------

_DASHES = re.compile(r"^(?:-- ?|—|——|－－)$")
_CONTACT = re.compile(
    r"\d{7,}|\d{3,4}-\d{7,8}|\+\d[\d\s()-]{7,}|@|https?://|www\.|(?:电话|電話|手机|手機|微信|邮箱|郵箱|地址|"
    r"Tel|"
    r"Phone|Mobile|Mob|Fax|传真|傳真|Telefon|Tél)\b\s*[:：.]?",
    re.I,
)
_COMPANY = re.compile(
    r"公司|集团|集團|研究院|研究所|事务所|大学|大學|学院|银行|酒店|物业|工程部|销售部|客服部|市场部|经理|"
    r"總經理|总监|主任|工程师|\b(?:Ltd|Inc|LLC|GmbH|AG|Corp|Co\.|S\.A|B\.V|S\.r\.l|S\.p\.A|Sp\. z|Oy|AB|A/S|"
    r"University|Department|Manager|Director|Engineer|Sales)\b|株式会社|부장|주식회사"
)
_LONGEST_CARD = 5
_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖萧蕭田董潘袁"
    "蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付傅方邹鄒熊白孟秦邱侯江尹薛闫閻段"
    "雷龙龍史陶贺賀毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯康易乔喬赖賴文施洪辛牛"
)
_NAME = re.compile(
    rf"^(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|皇甫)[\u4e00-\u9fff]{{1,2}}|"
    r"[A-Z][a-z'’-]+(?: [A-Z][A-Za-z'’.-]*){1,3})\s*(?:$|[|｜/／])"
)
_BARS = re.compile(r"[|｜\n]|\s[/／]\s")
_WORKPLACE = re.compile(
    rf"(?:{_COMPANY.pattern})|(?:部|部门|部門|中心|服务处|服務處|管理处|管理處|科)$|\b(?:Dept|Team|Services|Facilities|"
    r"Maintenance|Support|Engineering|Management)\b"
)
_REACHED = re.compile(
    r"^(?:(?:电话|電話|手机|手機|座机|联系方式|联系电话|邮箱|郵箱|Tel|Phone|Mobile|Mob|Cell|M|T|E-?mail)\b\s*[:：.]?\s*)?"
    r"(?:\+?[\d][\d ()-]{6,20}|\S{1,60}@\S{1,80})$",
    re.I,
)
_HOME = re.compile(r"\d\s?(?:栋|棟|幢|座|单元|單元|号楼|號樓|室|房|户|戶)")
_SENTENCE = re.compile(r"[。！？!?；]|\.\s")
_CARD_EDGE = re.compile(r"^\s*\|[\s|]*$")
_NETEASE_CARD = re.compile(r"签名由\s*网易|Signature is customized by Netease", re.I)

_NOTICE_OPENING = re.compile(
    r"(?:本|此|该|該)(?:封)?(?:邮件|郵件|電郵|电邮|电子邮件|電子郵件|信息|訊息|信件).{0,60}(?:保密|机密|機密|"
    r"秘密|仅供|僅供|仅限|專供|特权|误收|誤)|"
    r"(?:免责|免責|保密|重要|法律)(?:声明|聲明|提示)\s*[:：】\]]|"
    r"this (?:e-?mail|message|communication|transmission).{0,160}(?:confidential|intended|privileged)|"
    r"confidentiality notice|"
    r"^\W{0,4}(?:disclaimer|legal notice|privacy notice)\b|the information (?:contained |"
    r"transmitted )?in this (?:e-?mail|message|communication)|"
    r"diese (?:e-?mail|nachricht).{0,120}vertraulich|ce (?:message|courriel|courrier|mail).{0,160}confidentiel|"
    r"est[ea] (?:mensaje|correo|mensagem|e-?mail).{0,160}confidencia|(?:questo|il presente|la presente|"
    r"questa) (?:messaggio|e-?mail|comunicazione).{0,160}(?:confidenzial|riservat)|"
    r"(?:dit|deze) (?:bericht|e-?mail).{0,160}vertrouwelijk|(?:ta|niniejsza|ten) (?:wiadomość|"
    r"e-?mail).{0,160}poufn|"
    r"(?:это|данное|настоящее) (?:сообщение|письмо|электронное).{0,160}конфиденциал|(?:この|"
    r"本)(?:電子)?メール.{0,80}(?:機密|秘密|宛先)|"
    r"please consider the environment before|pensez à l'environnement|save a tree\b|请考虑环境|"
    r"请在打印前考虑环保|为了环保",
    re.I | re.S,
)
_NOTICE_WORDS = re.compile(
    r"保密|机密|機密|收件人|误收|誤收|误传|错误|删除|刪除|披露|泄露|法律|附件|仅供|僅供|未经授权|授权|擅自|复制|"
    r"複製|通知发件人|立即通知|责任|責任|"
    r"confidential|privileged|intended|recipient|addressee|disclos|unauthori[sz]ed|notify|delete|in error|"
    r"attachment|prohibited|liab|legal|"
    r"vertraulich|adressat|empfänger|irrtümlich|vernichten|löschen|confidentiel|destinataire|erreur|détrui|"
    r"expéditeur|"
    r"confidencial|destinatari|erro|elimin|confidenzial|riservat|errore|vertrouwelijk|geadresseerde|abusievelijk|"
    r"verwijder|"
    r"poufn|adresat|omyłk|usunię|конфиденциал|получател|ошибк|удал|機密|宛先|削除|誤|environment|printing|打印|"
    r"环保",
    re.I,
)


def is_rule(line: str) -> bool:
    """Tell whether a line is nothing but a drawn rule."""
    return bool(_RULE.match(line[:400]))


def without_signature(lines: list[str], sender_address: str) -> list[str]:
    """Return the lines without a signature, phone footer or legal notice at their end.

    sender_address: a last line that is only this address is a signature (Foxmail).
    """
    lines = _without_footers(lines, sender_address)
    for index in range(len(lines) - 1, max(-1, len(lines) - 30), -1):
        if _begins_signature(lines, index):
            return _without_footers(lines[:index], sender_address)
    card = _work_card(lines)
    return lines if card is None else _without_footers(lines[:card], sender_address)


def _without_footers(lines: list[str], sender_address: str) -> list[str]:
    address = sender_address.lower()
    end, footers = len(lines), 0
    while end:
        last = lines[end - 1].strip()
        if not last or is_rule(last) or _DASHES.match(last):
            end -= 1
            continue
        footers += 1
        if footers > _MOST_FOOTERS:
            break
        if _NETEASE_CARD.search(last[:80]) or (_CARD_EDGE.match(last[:40]) and _card_top(lines, end)):
            end = _card_start(lines, end)
        elif is_footer(last) or (address and last.strip("<>").lower() == address):
            end -= 1
        else:
            start = _notice_start(lines, end)
            if start is None:
                break
            end = start
    return lines[:end]


def is_footer(line: str) -> bool:
    """Tell whether a line was put below a mail by the program or device that sent it."""
    line = _LINK.sub(" ", line[: 4 * _LONGEST_FOOTER]).strip()
    if not line or len(line) > _LONGEST_FOOTER:
        return False
    if _VIRUS_FREE.match(line) or _ZH_SIGNED.match(line) or _ZH_GET.match(line):
        return True
    if _FOOTER.match(line):
        return bool(_DEVICE.search(line)) and len(re.findall(r"[.!?。！？]\s", line)) <= 1
    return _is_chinese_footer(line)


def _is_chinese_footer(line: str) -> bool:
    line = line.strip("-–—|*_ 　")
    lead = _ZH_LEAD.match(line)
    own = line.startswith("我的") and line.endswith(("傳送", "发送", "發送"))
    if (not lead and not own) or len(line) > 60:
        return False
    if lead and lead[0].strip() in _ZH_BY and not _ZH_SENT.search(line):
        return False
    body = line[lead.end() :] if lead else line
    if not _ZH_DEVICE.search(body):
        return False
    rest = _ZH_FILLER.sub("", _ZH_DEVICE.sub("", body))
    return bool(_ZH_REST.match(rest)) and not _LONG_NUMBER.search(rest) and len(rest) <= 30


def _notice_start(lines: Sequence[str], end: int) -> int | None:
    """Return where a legal notice begins that is the last paragraph before `end`; None where that paragraph is none."""
    start = end
    while start and lines[start - 1].strip() and end - start < 40:
        start -= 1
    for index in range(start, end):
        opening = "\n".join(line[:600] for line in lines[index : min(end, index + 4)])[:800]
        if not _NOTICE_OPENING.match(re.sub(r"^P\s", "", opening).lstrip("*_-【[（( \t　")):
            continue
        paragraph = "\n".join(line[:1_000] for line in lines[index:end])[:3_000]
        words = {match[0].lower() for match in _NOTICE_WORDS.finditer(paragraph)}
        if len(words) >= 3 or (len(words) >= 2 and "environment" in words) or re.search("环保|環保", opening):
            return index
    return None


_FAREWELL = re.compile(
    r"(?:此致|敬礼|祝好|顺祝|谢谢|(?:kind|best|warm)?\s*regards|sincerely|yours|cheers|thanks|mit freundlichen|mfg|viele grüße|"
    r"cordialement|bien à vous|saludos|atentamente|un saludo|cordiali saluti|saluti|atenciosamente|cumprimentos|"
    r"met vriendelijke|groet|pozdrawiam|z poważaniem|с уважением|よろしく|med vänlig|mvh)\b",
    re.I,
)


def _begins_signature(lines: Sequence[str], index: int) -> bool:
    line = lines[index]
    if len(line) > 80:
        return False
    if _DASHES.match(line):
        return _is_signature(line, lines[index + 1 :])
    return is_rule(line) and _is_visiting_card(lines[index + 1 :])


def _is_signature(dashes: str, tail: Sequence[str]) -> bool:
    said = [line.strip() for line in tail if line.strip()]
    if dashes == "-- ":
        return len(said) <= 15  # the standard's own delimiter (RFC 3676 section 4.3)
    if len(said) > 8 or any(len(line) > 60 for line in said):
        return False
    # Dashes also part two thoughts: a sentence below them is no signature, nor is where somebody lives.
    whole = "\n".join(said)
    if _SENTENCE.search(whole) or (_HOME.search(whole) and not _COMPANY.search(whole)):
        return False
    return bool(_CONTACT.search(whole) or _COMPANY.search(whole) or (len(said) <= 3 and _FAREWELL.match(whole)))


def _is_visiting_card(tail: Sequence[str]) -> bool:
    """Tell whether what stands below a rule is a company's card; a name and a number alone are what we need to know."""
    said = [line.strip() for line in tail if line.strip()]
    if not 2 <= len(said) <= 10 or any(len(line) > 80 for line in said):
        return False
    whole = "\n".join(said)
    return bool(_COMPANY.search(whole) and _CONTACT.search(whole)) and not any(_SENTENCE.search(line) for line in said)


def _work_card(lines: Sequence[str]) -> int | None:
    """Return where a colleague's card begins that nothing sets apart but an empty line; None where there is none.

    A name alone on its line or before a bar, where they work, and how to reach them there. Of these the workplace must not be
    missing: a name and a number are what a complainant tells us, a flat even more.
    """
    for start in range(len(lines) - 1, max(0, len(lines) - 2 * _LONGEST_CARD), -1):
        if lines[start - 1].strip() or not _NAME.match(lines[start].strip()[:60]):
            continue
        said = [line.strip() for line in lines[start:] if line.strip()]
        if any(line.strip() for line in lines[:start]) and _is_work_card(said):
            return start
    return None


def _is_work_card(said: Sequence[str]) -> bool:
    whole = "\n".join(said)
    if (
        len(said) > _LONGEST_CARD
        or any(len(line) > 60 for line in said)
        or _HOME.search(whole)
        or _SENTENCE.search(whole)
    ):
        return False
    parts = [part.strip() for part in _BARS.split(whole)]
    works = any(_WORKPLACE.search(part) for part in parts)
    return (
        works
        and any(_REACHED.match(part) for part in parts)
        and (len(parts) > len(said) or "：" in whole or ":" in whole)
    )


def _card_top(lines: Sequence[str], end: int) -> bool:
    top = next((line for line in lines[max(0, end - 14) : end - 1] if line.lstrip().startswith("|")), "")
    return bool(_CARD_EDGE.match(top[:40]))


def _card_start(lines: Sequence[str], end: int) -> int:
    """Return where NetEase Mail Master's visiting card begins: a table drawn with bars, its last line names the program."""
    for index in range(max(0, end - 14), end):
        if lines[index].lstrip().startswith("|"):
            return index
    return end - 1
