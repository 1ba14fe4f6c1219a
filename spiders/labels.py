"""Lines that are no text of an article: labels of other things, notes, credits, bylines. Pure."""

from __future__ import annotations

import re

COMMENTS = re.compile(
    r"(?:\d+\s+)?(?:(?:Reader |Readers’ )?(?:Comments?|Responses|Replies)|Discussion"
    r"|Leave a (?:comment|reply)|Join the (?:conversation|discussion)|Post a comment"
    r"|Комментари(?:и|ев|й|я)|(?:Добавить|Оставить|Написать) комментарий|Обсуждение"
    r"|Коментар(?:і|ів)|Каментары(?:і|й)?|Пікірлер|Комментарийлер"
    r"|Kommentare?|(?:Schreiben? Sie|Schreibe) einen Kommentar|Kommentar (?:schreiben|verfassen"
    r"|hinterlassen)"
    r"|Commentaires?|Laisser un commentaire|Comentarios?|Comentários?|Deja un comentario"
    r"|Deixe um comentário|Commenti|Lascia un commento|Komentarze|Reacties|Yorumlar)"
    r"\s*:?\s*(?:\(?\d+\)?)?",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:- )?(?:(?:Read|See|Watch|Listen|Learn) (?:also|more|next|this|now)|READ(?: ALSO)?"
    r"|See also|Also read|More(?=\s*:)"
    r"|Related(?: (?:stories|news|articles?|topics|content|posts|links|coverage|reading))?"
    r"|More (?:on this|stories|news|coverage|from .{1,40}|in .{1,40}|on .{1,40})|You (?:may"
    r"|might) also like"
    r"|(?:You may|You might) be interested in"
    r"|Recommended(?: for you| stories| reading)?|Don[’']t miss|What to read next|Up next"
    r"|Trending(?: now)?"
    r"|Editors?[’']?s?[’']? picks?|Most (?:read|popular|viewed)|Popular(?: now)?|Latest (?:news"
    r"|stories|articles)"
    r"|(?:Share|Like) (?:this|on|it)\b.{0,60}|Share|Follow (?:us|me|him|her)\b.{0,60}"
    r"|Subscribe.{0,60}|Sign up .{0,80}"
    r"|(?:Filed|Posted) (?:under|in)\b.{0,60}|Tags?|Topics|In this article|Table of contents"
    r"|Comments?|About the authors?|Leave a (?:comment|reply)"
    r"|Читайте (?:также|ещё|еще)|По теме|(?:Материалы|Новости|Статьи) по теме|(?:Ещё|Еще) по теме"
    r"|Смотрите также"
    r"|Другие новости|Похожие (?:новости|статьи|материалы)|Последние новости|Главное за день"
    r"|Рекомендуем"
    r"|Поделиться.{0,40}|Подписывайтесь.{0,60}|Подпишитесь.{0,60}|Теги|Метки|Об авторе"
    r"|Комментарии"
    r"|Читайте також|Також читайте|Чытайце таксама|Тагы окуңуз|Тағы оқыңыз"
    r"|(?:Lesen Sie|Lies|Lesen|Sehen Sie|Siehe) (?:auch|dazu|mehr|hier)(?: die folgenden .{1,20})?"
    r"|Weiterlesen"
    r"|Mehr (?:zum Thema|dazu|lesen|Infos?|aus .{1,40}|zu .{1,40})"
    r"|Mehr Informationen|Weitere (?:Artikel|Nachrichten|Meldungen|Informationen|Themen|Beiträge"
    r"|News|Links)"
    r"|Passend dazu|Zum Thema|Das könnte (?:Sie|dich|Dich|Euch) (?:auch )?interessieren"
    r"|(?:Das Thema|Diese Artikel|Auch das|Auch interessant).{0,40}interess(?:ieren|ant)"
    r"|Auch interessant|Ähnliche (?:Artikel|Beiträge|Themen)"
    r"|Verwandte (?:Artikel|Themen|Beiträge)|Teilen(?: mit| auf)?|Artikel teilen|Beitrag teilen"
    r"|Über (?:den Autor|die Autorin)"
    r"|Inhaltsverzeichnis|Schlagwörter|Schlagworte|Themen|Newsletter"
    r"|(?:À|A) lire (?:aussi|également)|Lire (?:aussi|la suite)|Voir aussi|Sur le même (?:sujet"
    r"|thème)|Partager.{0,40}"
    r"|Lea también|Lee también|Leer más|Te puede interesar|También te puede interesar"
    r"|(?:Noticias|Notas) relacionadas|Compartir.{0,40}"
    r"|Leia (?:também|mais)|Veja também|Saiba mais|Você (?:pode|também pode) gostar"
    r"|Compartilhe.{0,40}"
    r"|Leggi anche|Potrebbe interessarti(?: anche)?|Condividi.{0,40}"
    r"|Czytaj (?:także|też|więcej|również)|Zobacz (?:także|też|również)|Polecamy|Udostępnij|Tagi"
    r"|Lees ook|Lees meer|İlgili haberler"
    r"|[【［◆■]?(?:関連(?:記事|ニュース|リンク|キーワード)|おすすめ(?:情報|記事)|あわせて読みたい"
    r"|関連新聞|相关(?:新闻|阅读|报道)|관련\s?(?:기사|뉴스))[】］]?)"
    r"\s*[:.…!»>]*\s*(?:\(?\d+\)?)?",
    re.IGNORECASE,
)
_PHOTO = re.compile(
    r"(?:©|\(c\)|(?:Photo(?:s|graph)?|Image|Picture|Foto|Bild)\s*(?:by|:|©|/)|Photo credit"
    r"|Фото\s*:|Credits?:"
    r"|Image (?:credit|source|copyright)|Bildquelle|Quelle:|Crédito:|Crédit ).{0,200}",
    re.IGNORECASE,
)
# What ends with its credit in brackets is the caption of a picture.
_CAPTION = re.compile(
    r".{0,300}\((?:Image|Photo|Picture|Foto|Bild|Фото|Credit|Symbolbild)s?(?:\s*(?:credit|by"
    r"|courtesy))?"
    r"\s*[:/©].{0,80}\)\s*\.?",
    re.IGNORECASE,
)
# What a publisher says under each of its texts.
_RIGHTS = re.compile(
    r"(?:(?:©|\(c\)|Copyright)\s*(?:©|\(c\))?\s*(?P<year>\d{4})|(?:All|Some) rights reserved"
    r"|Alle Rechte vorbehalten"
    r"|Все права защищены|Tous droits réservés|Todos los derechos reservados"
    r"|Todos os direitos reservados).{0,400}",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"©|rights reserved", re.IGNORECASE)
# Where what names somebody ends.
_STOP = re.compile(r"[.,;:|!?–—](?:\s|$)")
_SENTENCE = 8  # words
_LINKING = frozenset(("by", "of", "the", "and", "for", "de", "la", "und", "von", "et", "y", "и"))
# What a site says of its cookies.
_USES = (
    r"(?:use[sd]?|using|accept\w*|store|sets?|verwende[tn]?|nutz(?:t|en)|setz(?:t|en)|erleichtern"
    r"|utilis\w+|us(?:a|amos|iamo)"
    r"|utiliza\w*|utilizz\w+|gebruik\w*|używa\w*|использу\w+|использован\w+|пайдалан\w+)"
)
_CONSENT = re.compile(
    rf".{{0,200}}\b(?:{_USES}\b.{{0,80}}\b(?:cookies?|куки|cookie-файл\w*|файл\w+ cookie)"
    rf"|(?:cookies?|куки)\b.{{0,80}}\b{_USES})\b.{{0,600}}",
    re.IGNORECASE,
)
# A site speaks of itself, or to its reader. What "she" is in German is "you" with a capital.
_SPEAKS = re.compile(
    r"\b(?:we|our|you|yours?|wir|uns|unser\w{0,2}|(?-i:Sie|Ihnen|Ihre?\w?)|dein\w{0,2}|nous|notre|nos"
    r"|vous|votre|vos|nosotros|nuestr[oa]s?|usted|ustedes|tus|nós|noss[oa]s?|você|noi|nostr[oaie]|tuoi?"
    r"|wij|onze|uw|jouw|nasz\w{0,3}|twoj\w{0,3}|мы|нам|наш\w{0,3}|вы|вам|вас|ваш\w{0,3}|біз\w{0,5}"
    r"|сіз\w{0,5}|биз\w{0,5}|сиз\w{0,5}"
    r"|(?:this|diese[rs]?|ce|este|esta|questo|deze|ta|этот|этом|данный|данном)"
    r" (?:web[- ]?)?(?:sites?|seiten?|sitio|sito|pages?|página|strona|сайте?|портале?))\b"
    r"|^на сайте",
    re.IGNORECASE,
)
# A short line above the text that says who wrote it, or when.
BYLINE = re.compile(
    r"^(?:by|from|posted|published|updated|автор|опубликовано|обновлено|дата|von|veröffentlicht"
    r"|aktualisiert|por|par|publié|publicado)\b|\d:\d\d|\b(?:19|20)\d\d\b"
    r"|\b(?:ago|назад|таму|мурун|бұрын)\b",
    re.IGNORECASE,
)
NOISE = re.compile(
    r"(?:- )?(?:Adverts?|Advertise?ments?|Sponsored(?: content)?"
    r"|Story continues(?: below(?: advertisement)?)?"
    r"|Article continues below(?: advertisement)?|Реклама|На правах рекламы|Рэклама|Жарнама"
    r"|Anzeige|Werbung"
    r"|Publicité|Publicidad|Publicidade|Pubblicità|Reklama|Advertentie"
    r"|Image \d+ of \d+)\s*[:.…]?",
    re.IGNORECASE,
)


# What stands for a post or a film of another site until the reader allows it.
_EMBED = re.compile(
    r"(?:Empfohlener (?:redaktioneller|externer) Inhalt|Externe[rn]? Inhalte?(?: .{1,40})?"
    r"|(?:An dieser Stelle|Hier) (?:befindet|find|steht|sehen).{0,40}\bextern\w* Inhalt.{0,160}"
    r"|(?:Sie können|Du kannst) (?:ihn|ihm|sich|dir)"
    r".{0,40}anzeigen.{0,60}ausblenden.{0,20}"
    r"|Ich bin (?:damit )?einverstanden, dass mir .{0,30}Inhalte.{0,160}"
    r"|Personenbezogene Daten können an Dritt\w+ übermittelt werden.{0,120}"
    r"|.{1,40}-Inhalte? (?:erlauben|anzeigen|laden|zulassen)"
    r"|This content (?:is|cannot|can[’']t).{0,80}\b(?:privacy|consent|permission)\b.{0,200}"
    r"|We need your consent .{0,200}"
    r"|(?:Allow|Load|Show) (?:\w+ )?content\??)",
    re.IGNORECASE,
)


def is_note(line: str) -> bool:
    """Tell a line that is no sentence of a text: a credit, a caption, rights, cookies."""
    if line.endswith((")", ").")) and _CAPTION.fullmatch(line):
        return True
    # Almost no line is about cookies, and most of the others are told by their first letters.
    if "ookie" in line or "куки" in line:
        return _CONSENT.fullmatch(line) is not None and _SPEAKS.search(line) is not None
    if rights := _RIGHTS.fullmatch(line):
        year = rights["year"]
        return not year or _RESERVED.search(line) is not None or _names(line[rights.end("year") :])
    if _EMBED.fullmatch(line):
        return True
    return _PHOTO.fullmatch(line) is not None and (line[0] == "©" or not _is_told(line))


def _names(behind: str) -> bool:
    """Tell whether what stands behind a year names somebody, and says nothing of a law."""
    words = _STOP.split(behind.lstrip(" ,.-–—"), maxsplit=1)[0].split()
    return len(words) <= 1 or not any(w[0].islower() and w not in _LINKING for w in words)


def _is_told(line: str) -> bool:
    """Tell a sentence: it ends as one, and most of its words are no names."""
    words = line.split()
    small = sum(word[0].islower() for word in words)
    is_ended = line.rstrip("”“»)").endswith((".", "!", "?", "…", ";"))
    return is_ended and len(words) >= _SENTENCE and 2 * small > len(words)
