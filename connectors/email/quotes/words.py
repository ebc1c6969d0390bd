"""The words mail programs put around a mail they answer or hand on, in the languages they speak. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Label(StrEnum):
    """What a line of a quoted mail's header names. SENT is a sending time, DATE any date: forms of all kinds ask for one."""

    FROM = "from"
    SENT = "sent"
    DATE = "date"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"
    OTHER = "other"


_LABELS: Mapping[Label, str] = {
    Label.FROM: (
        "发件人|寄件人|寄件者|發件人|发信人|發信人|发送人|发送者|由|From|Von|Absender|De|Expéditeur|Remitente|"
        "Remetente|Da|Mittente|Van|Afzender|Od|Nadawca|От|От кого|Отправитель|Від|Від кого|差出人|送信者|"
        "送信元|보낸 사람|보낸이|발신|발신인|Kimden|Gönderen|Från|Avsändare|Fra|Avsender|Afsender|Lähettäjä|"
        "Odesílatel|Odosielateľ|Feladó|Šalje|De la|Expeditor|Expeditorul|Από|Dari|Từ"
    ),
    Label.SENT: (
        "已发送|已傳送|送信時間|发送于|发送时间|发件时间|发信时间|发送日期|寄件日期|寄送日期|寄送時間|傳送時間|"
        "傳送日期|發送時間|發件時間|發送日期|寄件時間|Sent|Sent on|Sent at|Sent Time|Date Sent|Gesendet|"
        "Gesendet am|Envoyé|Envoyé le|Date d'envoi|Enviado|Enviado el|Enviada|Enviada em|Enviado em|Inviato|"
        "Inviato il|Data invio|Verzonden|Verzonden op|Wysłano|Wysłane|Data wysłania|Отправлено|Дата отправки|"
        "Надіслано|Відправлено|送信日時|送信日|보낸 날짜|보낸 시간|보낸날짜|Gönderildi|Gönderilen|"
        "Gönderme Tarihi|Skickat|Sendt|Lähetetty|Odesláno|Odoslané|Elküldve|Trimis|Dikirim|Đã gửi"
    ),
    Label.DATE: (
        "日期|时间|時間|Date|Datum|Dato|Fecha|Data|Дата|日付|日時|날짜|일시|Tarih|Päivämäärä|Päiväys|Dátum|"
        "Dată|Ngày|Tanggal"
    ),
    Label.TO: (
        "收件人|收件者|收信人|到|To|An|Empfänger|À|A|Pour|Destinataire|Para|Destinatario|Destinatário|Aan|Do|"
        "Adresat|Кому|Получатель|宛先|받는 사람|받는이|수신|수신인|Kime|Alıcı|Till|Til|Vastaanottaja|Komu|Pre|"
        "Címzett|Către|Destinatarul|Kepada|Đến"
    ),
    Label.CC: (
        "抄送|副本|抄送人|Cc|Copy|Kopie|Kopie (CC)|Copie|Copie à|Copia|Cópia|Kopia|DW|Do wiadomości|Копия|"
        "Копія|참조|Bilgi|Kopi|Kopio|Másolat|Másolatot kap|Kópia|C C"
    ),
    Label.SUBJECT: (
        "主题|主題|主旨|标题|標題|题目|Subject|Betreff|Objet|Sujet|Asunto|Oggetto|Assunto|Onderwerp|Temat|Тема|"
        "件名|제목|Konu|Ämne|Emne|Aihe|Předmět|Predmet|Tárgy|Subiect|Subiectul|Naslov|Θέμα|Perihal|Chủ đề"
    ),
    Label.OTHER: (
        "附件|重要性|优先级|優先順序|密送|密件抄送|密件副本|回复地址|回覆至|回复至|回复到|Bcc|Reply-To|"
        "Reply To|Importance|Priority|Sensitivity|Attachments|Attachment|Wichtigkeit|Priorität|Anlagen|"
        "Antwort an|Répondre à|Pièces jointes|Pièce jointe|Cci|Importancia|Adjuntos|Datos adjuntos|Responder a|"
        "Allegati|Rispondi a|Priorità|Anexos|Bijlagen|Antwoord aan|Prioriteit|Załączniki|Odpowiedź-do|Вложения|"
        "Ответ-Кому|添付ファイル|返信先|첨부 파일|Organization|Organisation|Message-ID"
    ),
}


# What lines are drawn with.
DRAWN = "-–—‐‑‒―─━_=＝－*·•~#"


def squeezed(words: str) -> str:
    """Return words as they are looked up: no blanks, no case."""
    return "".join(words.split()).casefold()


def _phrases(words: str) -> frozenset[str]:
    return frozenset(squeezed(word) for word in words.split("|"))


LABELS: Mapping[str, Label] = {squeezed(word): label for label, words in _LABELS.items() for word in words.split("|")}

# "------ 原始邮件 ------": what follows is the mail that is answered.
ORIGINAL = _phrases(
    "原始邮件|原始郵件|原邮件|原郵件|原始信息|原始訊息|原始消息|原始邮件信息|原邮件信息|原始内容|原文|邮件原件|"
    "邮件原文|來信原文|来信原文|回复的原邮件|回复的邮件|回复的邮件信息|回覆的郵件|回复邮件|回复原邮件|"
    "被回复邮件|历史邮件|Original Message|Original Messages|Original Mail|Original Email|Original E-mail|"
    "Original|Replied Message|Reply Message|Previous Message|Message History|Ursprüngliche Nachricht|"
    "Ursprüngliche E-Mail|Ursprüngliche Mail|Originalnachricht|Original-Nachricht|Original Nachricht|"
    "Message d'origine|Message d’origine|Message original|Message initial|Courriel original|E-mail d'origine|"
    "Mail original|Mensaje original|Correo original|Messaggio originale|Messaggio di origine|Mensagem original|"
    "Email original|Oorspronkelijk bericht|Oorspronkelijke bericht|Origineel bericht|Oorspronkelijke e-mail|"
    "Wiadomość oryginalna|Oryginalna wiadomość|Treść oryginalnej wiadomości|Pierwotna wiadomość|"
    "Wiadomość pierwotna|Исходное сообщение|Первоначальное сообщение|Оригинальное сообщение|Исходное письмо|"
    "Вихідне повідомлення|元のメッセージ|オリジナルメッセージ|オリジナル メッセージ|元のメール|원본 메시지|"
    "원래 메시지|원본 메일|원본메일|Orijinal İleti|Orijinal Mesaj|Özgün İleti|Özgün Mesaj|"
    "Ursprungligt meddelande|Originalmeddelande|Ursprungligt mejl|Oprindelig meddelelse|Oprindelig besked|"
    "Original meddelelse|Opprinnelig melding|Original melding|Alkuperäinen viesti|Původní zpráva|"
    "Původní e-mail|Pôvodná správa|Eredeti üzenet|Mesaj original|Mesajul original|Αρχικό μήνυμα|Pesan Asli|"
    "Tin nhắn gốc"
)

# Words of these two lists that people draw lines around as well: a header must follow them.
AMBIGUOUS = _phrases(
    "原文|原始内容|历史邮件|回复邮件|原始信息|转发|转发信息|转发消息|Original|Original Mail|Message History|Forwarded"
)

# "------ Forwarded message ------": what follows is somebody else's mail, handed on.
FORWARDED = _phrases(
    "转发邮件|转发的邮件|转发邮件信息|转发的邮件信息|转发消息|转发的消息|转发信息|转发的信息|转发的原邮件|"
    "转发原邮件|已转发的邮件|已转发邮件|转发|轉寄郵件|轉寄的郵件|轉寄訊息|轉寄的訊息|轉寄信件|轉發郵件|"
    "轉發的郵件|轉發的訊息|已轉寄的郵件|Forwarded Message|Forwarded Messages|Forwarding Messages|"
    "Forwarding Message|Forwarded mail|Forwarded email|Forwarded|Weitergeleitete Nachricht|"
    "Weitergeleitete E-Mail|Message transféré|Message transmis|Message réexpédié|Mensaje reenviado|"
    "Messaggio inoltrato|Mensagem encaminhada|Mensagem reencaminhada|Doorgestuurd bericht|Przekazana wiadomość|"
    "Treść przekazanej wiadomości|Wiadomość przekazana dalej|Пересылаемое сообщение|Перенаправленное сообщение|"
    "Пересланное сообщение|Переслане повідомлення|転送メッセージ|転送メール|転送されたメッセージ|"
    "転送された メッセージ|전달된 메시지|전달된 메일|İletilmiş Mesaj|İletilen İleti|İletilen ileti|"
    "Yönlendirilmiş Mesaj|Vidarebefordrat meddelande|Vidarebefordrat mejl|Videresendt meddelelse|"
    "Videresendt besked|Videresendt melding|Edelleenlähetetty viesti|Välitetty viesti|"
    "Välitetty viesti / Fwd.Msg|Přeposlaná zpráva|Preposlaná správa|Továbbított üzenet|Mesaj redirecționat|"
    "Proslijeđena poruka"
)
# Apple's sentences, which stand alone on a line with a colon.
FORWARD_SENTENCES = _phrases(
    "Begin forwarded message|开始转发的邮件|开始转发的消息|开始转发的信息|下面是被转发的邮件|下面是转发的邮件|"
    "下面是被转发的消息|以下是转发的邮件|以下为转发邮件|以下为转发的邮件|開始轉寄的郵件|開始轉寄訊息|"
    "開始轉寄郵件|以下是轉寄的郵件|轉寄的郵件|Anfang der weitergeleiteten Nachricht|"
    "Anfang der weitergeleiteten E-Mail|Début du message réexpédié|Début du message transféré|"
    "Inicio del mensaje reenviado|Inizio messaggio inoltrato|Início da mensagem encaminhada|"
    "Início da mensagem reencaminhada|Begin doorgestuurd bericht|Początek przekazywanej wiadomości|"
    "Начало переадресованного сообщения|Начало пересылаемого сообщения|転送されたメッセージ|전달된 메시지|"
    "İleti başlangıcı|İletilen ileti başlangıcı|Vidarebefordrat mejl|Vidarebefordrat brev|"
    "Start på videresendt besked|Videresendt melding|Videresendt e-post|Välitetty viesti alkaa|"
    "Začátek přeposílané zprávy|Začátek přeposílaného e-mailu|Začiatok preposlanej správy|"
    "Továbbított levél kezdete|Початок листа, що пересилається|Începe mesajul redirecționat"
)

# "so-and-so wrote": regular expressions, to be joined by "|".
WROTE = (
    r"写道|写到|寫道|寫到|撰写|撰寫|编写|的来信|來信|来信|wrote|writes|schrieben|schrieb|"
    r"geschrieben|a\s+écrit|écrit|écrivait|escribió|ha\s+escrito|ha\s+scritto|scrive|scrisse|escreveu|schreef|"
    r"geschreven|napisał(?:\(a\)|a)?|pisze|nadesłał|написал(?:\(а\)|а)?|пишет|писал(?:\(а\)|а)?|пише|написав|"
    r"のメッセージ|のメール|さんは書きました|は書きました|が書きました|さんが書いた|작성한\s*메시지|작성|"
    r"쓴\s*글|쓰셨습니다|şunu\s+yazdı|şunları\s+yazdı|yazdı|skrev(?:\s+følgende|\s+följande)?|kirjoitti|"
    r"napsal(?:\(a\)|a)?|píše|napísal(?:\(a\)|a)?|ezt\s+írta|írta|a\s+scris|έγραψε|menulis|đã\s+viết"
)
# How the line that says so begins, where it does not begin with a date or a name with its address.
ON = (
    r"On|At|Am|Le|El|Il|Em|Op|Den|Dnia|W\s+dniu|Dne|Dňa|In\s+data|Il\s+giorno|El\s+día|Em\s+data|La|Pe|Στις|"
    r"Pada|Vào|In\s+einer\s+E-Mail\s+vom|在|于|於"
)
