"""Places in a mail that a note names: "below", "in red", "at the foot of this mail", "under my signature"."""

from __future__ import annotations

import re

from models.text.mails.phrases import ANSWERS, any_of

# "My answers are in red below": a word for answering, and a place or a colour.
_PLACES = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    below / beneath / underneath / in-?line /
    (?:within|inside|after|under|behind|beside) (?:the|your|each|every) /
    in (?:red|blue|green|bold|capitals|caps|upper ?case)\b / between (?:the|your) (?:lines|questions) /
    unter (?:den|jede[rn]|deinen|ihren) (?:einzelnen )?fragen? / sous (?:chaque|chacune) /
    (?:bajo|tras|debajo de) cada / sob cada / onder (?:elke|iedere) / under (?:varje|hver|hvert|spørs) /
    kysymy\w+ (?:alla|alle|perässä|jälkeen) / iga küsimuse / zem katra / po kiekvien /
    (?:под|після|под) (?:кажд|кожн|всек)\w+ / (?:pod|za) (?:każd|każdym|každ)\w+ / nel corpo /
    en el cuerpo / no corpo / intercalad / insérée?s / inserid[ao]s / im fließtext /
    in (?:the|your) (?:text|mail|e-?mail|message)\b / (?:red|blue) text / unten / unterhalb / darunter /
    in(?:line| den zeilen) / in (?:rot|blau|grün|fett|farbe)\b / farbig /
    (?:rot|blau|grün|fett) (?:markiert|geschrieben|hervorgehoben|gekennzeichnet) / im text\b /
    in (?:deiner|ihrer|eurer) (?:e-?mail|mail|nachricht) / zwischen (?:den|deinen|ihren|euren) /
    all[ae]\b / alta\b / alapuolella / alempana / ohessa / välissä / välei(?:ssä|hin) / seassa /
    (?:puna|sini|viher|vihreä)(?:isella|sella|llä|lla|tekst)\w* / lihavoi / tekstissä / zemāk / tekstā /
    starp (?:rind|jūsu|tav) / (?:ar )?(?:sarkan|zil|zaļ)(?:ā|u|ajā) / nedenfor / nedenunder /
    nedan(?:för)? / under(?=\s*(?:[.!,]|$)) / (?:her|här|se) under /
    i (?:teksten|texten|mailen|mejlet)\b /
    (?:i|med|på) (?:rødt?|rött|röd|blått?|blå|grønt?|grönt?|fet(?:e|t)?)\b /
    (?:rød|röd|blå) (?:tekst|text|skrift) / mel(?:lem|lom|lan) (?:linj|rad|dine|dina|era|jeres|spørs) /
    ci-dessous / plus bas / en (?:rouge|bleu|vert|gras)\b /
    dans (?:le|votre|ton) (?:texte|mail|message|corps|courriel) /
    entre (?:les|vos|tes|las|sus|tus|as|suas) / entre l[ií]neas / en mayúsculas / en majuscules /
    in maiuscolo / accanto / in hoofdletters / abajo / debajo / en (?:rojo|azul|verde|negrita)\b /
    en (?:el|su|tu) (?:texto|correo|mensaje) / (?:qui )?sotto / di seguito / (?:nel|tra il) testo /
    in (?:rosso|blu|verde|grassetto)\b / hieronder / onder(?:aan|staand)\w* / beneden /
    in (?:het )?(?:rood|blauw|groen|vet)\b / in (?:de|uw|je) (?:tekst|mail|e-mail) /
    tussen (?:de|uw|je) / poniżej / niżej / w (?:tekście|treści|mailu) /
    na (?:czerwono|niebiesko|zielono) / (?:czerwon|niebiesk|zielon)\w+ (?:kolor|czcionk|tekst)\w* /
    kolorem (?:czerwon|niebiesk)\w+ / pogrubion\w* / allpool / tekstis / teksti (?:sees|vahel) /
    (?:puna|sini|rohel)(?:sega|isega|selt|iselt|ses|ses kirjas) / žemiau / tekste /
    (?:raudon|mėlyn|žali)(?:ai|a spalva|u) / abaixo / em baixo /
    [ea]m? (?:vermelho|azul|verde|negrito)\b / no (?:texto|corpo|seu e-?mail) / ниже / внизу /
    в (?:тексте|письме) / (?:красн|син|зел[её]н|жирн)(?:ым|им) / нижче / у тексті /
    (?:червон|син|зелен)(?:им|ім) / по-долу / (?:с|в) (?:червено|синьо) / níže / v textu /
    (?:červen|modř|modr|tučn)(?:ě|e|ou|ým) / nižšie / lent(?:ebb)? / alább / lejjebb / a szövegben /
    (?:piros|kék|zöld)(?:sal|kel|del) / mai jos / în text / (?:cu|în) (?:roșu|rosu|albastru) / ispod /
    niže / dolje / u tekstu / (?:crven|plav)(?:om|o|im) / spodaj / v besedilu /
    (?:z )?(?:rdeč|modr)(?:o|e|im) / παρακάτω / (?:με|σε) (?:κόκκιν|μπλε)\w* / aşağı(?:da|daki)\w* /
    (?:kırmızı|mavi)(?:yla| ile| renk)\w* / (?:bên|ở) dưới / dưới đây / màu đỏ / di bawah /
    (?:warna )?merah / أدناه / باللون الأحمر / بالأحمر / ب?למטה / בהמשך / באדום / در زیر / قرمز
    """
) + "|下面|以下|下方|下記|文中|原文|正文|文内|本文|"
    "(?:每个|每個|各)(?:问题|問題|質問)|본문|각 질문|"
    "行内|红色|紅色|赤字|赤色|赤で|红字|蓝色|藍色|青字|아래|빨간|파란|붉은|"
    "ด้านล่าง|ข้างล่าง|สีแดง", re.I,
)  # fmt: skip

# "See at the foot of this mail": a word for looking, and a place that only a mail or a text has.
_LOOK = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    see / look / read / find / sieh / seht\b / seh(?:en|t) / schau / les(?:en|t)\b / lies / finde / voi[rs] /
    voyez / li(?:re|sez) / trouve / ver\b / vea / véa / mir[ae] / lea / le[ií]d / encontr / ved[aei] / guard /
    legg / trov / veja / leia / zie\b / kijk / lees / vind / patrz / zob / czyt / przeczyt / znajd / se\b /
    les\b / läs / hitta / katso / ks\b / lue / löy / vaata / vt\b / loe / leia / skat / lasi / žr\b / žiūr /
    skait / rasi / см\b / смотр / посмотр / чита / прочит / найд / див / знайд / виж / вижте / намер / viz\b /
    podív / čt / najd / pozri / nájd / lásd / nézz / olvas / talál / vezi / vede / citi / găs / bak / gör /
    oku / bul / δες / δείτε / βλ / διαβ / pogled / vid[ij] / nađ / погледај / виді / poglej / najdet / sjá /
    lesa / انظر / راجع / اقرأ / تجد / ببین / بخوان / ראה / ראו / תמצא / xem / đọc / lihat / baca / देख / पढ़
    """
) + "|见|看|查看|查阅|ご覧|ご確認|見て|お読み|参照|보세요|보십|확인|참조|참고|읽어|ดู|อ่าน", re.I,
)  # fmt: skip
_UNDER_SIGNATURE = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    (?:below|under|underneath|beneath|after|behind) (?:my|the|our) (?:signature|sign-off|name)\b /
    (?:unter(?:halb)?|nach|hinter) (?:meine[rm]?|der|unserer?|dem) (?:signatur|unterschrift|namen) /
    (?:sous|après|au-dessous de) (?:ma|la|notre) signature /
    (?:bajo|tras|(?:de)?bajo de|después de) (?:mi|la|nuestra) firma /
    (?:sotto|dopo) (?:(?:al)?la )?(?:mia |nostra )?firma /
    (?:sob|(?:a|de)baixo d|após |depois d)a (?:minha |nossa )?assinatura /
    (?:onder|na) (?:mijn|de|onze) (?:hand|onder)tekening / (?:pod|za) (?:\w+ )?(?:podpis|potpis)\w* /
    (?:nedanför|nedenfor|under|efter|etter|neðan) (?:min |mitt |vår )?(?:signatur|und[ei]rskrift)\w* /
    allekirjoit\w+ (?:al(?:la|ta|apuol\w+)|jälkeen|jäljessä) / allkirja (?:all?|alt|järel|taga) /
    (?:zem|aiz|pēc) (?:\w+ )?paraksta / (?:po|už|žemiau) (?:\w+ )?paraš(?:u|o) /
    (?:под|після|после|під|след|испод) (?:мо\w+ )?(?:подпис|потпис|підпис)\w* /
    ispod (?:\w+ )?potpisa / aláírás\w* (?:alatt|után) / sub semnătur / după semnătur /
    imza\w* (?:alt|sonra) / (?:κάτω από|μετά) την υπογραφή / تحت (?:ال)?توقيع / زیر امضا /
    (?:מ?תחת|אחרי) ל?ה?חתימה / dưới (?:phần )?chữ ký / di bawah tanda ?tangan / हस्ताक्षर के (?:नीचे|बाद)
    """
) + "|签名(?:的?下|之?后)|簽名(?:的?下|之?後)|署名の?(?:下|後|あと)|서명 ?(?:아래|밑|뒤|다음)|"
    "(?:ใต้|หลัง)ลายเซ็น", re.I,
)  # fmt: skip
_AT_THE_FOOT = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    at the (?:very )?(?:foot|bottom|end) of (?:this|the|my|your|our) (?:e-?mail|mail|message|text|thread) /
    see (?:also )?at the (?:very )?(?:foot|bottom|end)\b /
    (?:ganz |weiter )unten in (?:der|dieser|meiner) (?:e-?mail|mail|nachricht) / am (?:mail|text)ende /
    am (?:ende|schluss|fu(?:ß|ss)e?) (?:der|dieser|meiner|des|dieses) (?:e-?mail|mail|nachricht|text) /
    (?:tout )?(?:en|au) (?:bas|pied|fin) d[eu] (?:ce |mon |votre |la )?(?:e-?mail|mail|message|texte|page) /
    (?:tout )?(?:en|au) (?:bas|pied|fin) d[eu] (?:ce |mon |votre )?(?:courriel|courrier) /
    à la fin d[eu] (?:ce |mon |votre )?(?:e-?mail|mail|message|courriel|texte) /
    al (?:pie|final) de(?:l)? (?:este |mi |la |tu |su )?(?:correo|mensaje|texto|e-?mail|página) / in calce /
    in fondo (?:al|alla|a questa|a questo|alla mia) (?:e-?mail|mail|messaggio|testo|pagina) /
    (?:vedi|veda|vedere) (?:anche )?in fondo / a (?:piè di pagina|fine (?:mail|messaggio|testo|pagina)) /
    n[oa] (?:fim|final|rodapé|fundo) d[aeo] (?:e-?mail|mail|mensagem|texto|página) / em rodapé /
    onderaan (?:in )?(?:de|deze|dit|het|mijn) (?:e-?mail|mail|bericht|tekst) /
    aan het einde? van (?:de|deze|het|dit|mijn) (?:e-?mail|mail|bericht|tekst) /
    (?:na (?:samym )?(?:dole|końcu)|u dołu) (?:tej |mojej |tego )?(?:wiadomości|mail|e-?mail|tekst|stron) /
    längst ne[dr] i (?:mejl|mail|meddeland|text|brev) / i slutet (?:av|på) (?:mejl|mail|meddeland|text|brev) /
    nederst i (?:mail|e-?post|besked|melding|tekst|meddel) /
    (?:i|på) (?:bunden|bunnen|slutten|slutningen) (?:af|av) (?:mail|e-?post|besked|melding|tekst|meddel) /
    (?:viestin|sivun|meilin|sähköpostin|tekstin) (?:lopu|lopp|ala(?:osa|reuna|laida)|pohja)\w* /
    (?:kirja|meili|sõnumi|teksti) (?:lõpu|lõppu|alumi|allos)\w* /
    (?:vēstules|e-pasta|ziņas|ziņojuma|teksta|lapas) (?:beigās|apakšā|lejā) /
    (?:laiško|pranešimo|teksto|žinutės) (?:pabaig|apačio|gale)\w* /
    в (?:самом )?(?:конце|низу) (?:этого )?(?:письма|сообщения|текста) / внизу (?:письма|сообщения|листа) /
    (?:в|у|напри)\s?(?:самому )?кінці (?:листа|повідомлення) /
    в края на (?:имейла|писмото|съобщението|текста) / най-долу в (?:имейла|писмото|съобщението) /
    na (?:samém )?konci (?:tohoto |této |tejto )?(?:e-?mailu|mailu|zprávy|textu|správy) /
    (?:levél|levelem|üzenet|üzenetem|e-?mail|szöveg) (?:vég|alj)\w* /
    la (?:sfârșitul|finalul|subsolul) (?:e-?mail|mail|mesaj|text) /
    (?:postanın|mesajın|mesajımın|mailin|mailimin|metnin) (?:en )?(?:son|alt)\w* /
    στο (?:τέλος|κάτω μέρος) το[υύ] (?:μηνύματος|e-?mail|κειμένου) /
    na (?:kraju|dnu|samom dnu) (?:poruke|maila|mejla|e-?pošte|teksta) /
    на (?:крају|дну) (?:поруке|мејла|текста) / на крајот (?:на|од) (?:пораката|мејлот) /
    na (?:koncu|dnu) (?:sporočila|e-?pošte|besedila) / neðst í (?:póst|skilabo|tölvup|texta) /
    (?:في|ب) ?(?:نهاية|أسفل|آخر|ذيل) (?:ال)?(?:رسالة|بريد|نص) /
    (?:انتهای|پایین|پایان) (?:ایمیل|نامه|پیام|متن) /
    (?:בסוף|בתחתית) ה(?:הודעה|מייל|טקסט|דוא) / (?:ở )?cuối (?:thư|email|tin nhắn) /
    di (?:akhir|bagian (?:paling )?bawah) (?:email|surel|pesan) / (?:ईमेल|मेल|संदेश) के (?:अंत|नीचे)
    """
) + "|(?:邮件|郵件|文)的?(?:末|尾|底|最后|最下|最後)|(?:文|メール|本文)の?(?:末尾|最後|終わり|下部|一番下)|"
    "文末|(?:메일|메시지|본문) ?(?:끝|하단|맨 ?아래|맨 ?밑)|ท้าย(?:อีเมล|ข้อความ|จดหมาย)", re.I,
)  # fmt: skip
_IN_QUOTATION_MARKS = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    marked (?:with|in|by) / in capital /
    (?:mit|avec|con|com|met|med) [^.]{0,20}(?:name|namen|nom|nombre|nome|naam|navn|namn)\b /
    gekennzeichnet / marquée?s / marcad[oa]s / segnat[ei] / gemarkeerd / oznaczon / markera / markeret /
    merket / merkitty / märgitud / atzīmēt / pažymėt / (?:по|от)мечен / označen / jelölt / marcat / işaretl /
    in quotes\b / between (?:the )?quotes\b / quotation marks / inverted commas / in (?:\w+ )?brackets /
    in italics / in parenthes / in (?:\w+ )?klammern / kursiv / entre parenth / en italique / en cursiva /
    entre par[ée]ntesis / entre corchetes / tra parentesi / in corsivo / entre par[êe]nteses / em itálico /
    tussen haakjes / cursief / w nawiasach / kursyw / i parentes / i klamm / sulk(?:uissa|eissa) / kursiivi /
    sulgudes / kaldkirj / iekavās / slīprakst / skliaust / в скобках / курсив / v závork / kurzív / zárójel /
    in anführungs(?:zeichen|strichen) / entre guillemets / entre comillas / (?:tra|fra) (?:le )?virgolette /
    entre aspas / tussen (?:de )?aanhalingstekens / w cudzysłow / citationstecken / citattecken /
    i (?:anførselstegn|citationstegn|gåseøyne|gåseøjne|hermetegn) / lainausmer\w+ / jutumär\w+ / pēdiņās /
    kabutėse / в кавычк / [ву] лапках / v úvodzovk / v uvozovk / idézőjel / între ghilimele /
    tırnak i[cç]inde / σε εισαγωγικά / (?:u|pod) navodni / под наводни / во наводни / v narekovaj /
    (?:innan|í) gæsalapp / بين علامت / گیومه / ב?(?:מירכאות|מרכאות) / trong (?:dấu )?ngoặc kép /
    tanda kutip / उद्धरण
    """
) + "|引号|引號|引用符|かぎ括弧|かぎかっこ|カギ括弧|따옴표|เครื่องหมายคำพูด", re.I,
)  # fmt: skip


def names_place_of_answers(text: str) -> bool:
    """Tell whether a text speaks of answers, and of a place or a colour in which they stand."""
    if ANSWERS.search(text) is None:
        return False
    return any(place.search(text) for place in (_PLACES, _IN_QUOTATION_MARKS, _AT_THE_FOOT, _UNDER_SIGNATURE))


def names_place_below(text: str) -> bool:
    """Tell whether a text names a place such as "below"."""
    return _PLACES.search(text) is not None or _AT_THE_FOOT.search(text) is not None


def names_foot(text: str) -> bool:
    """Tell whether a text asks to look at the foot of the mail, or into the text of it."""
    return _AT_THE_FOOT.search(text) is not None and _asks_to_look(text)


def names_signature(text: str) -> bool:
    """Tell whether a text asks to look below the sender's signature."""
    return _UNDER_SIGNATURE.search(text) is not None and _asks_to_look(text)


def _asks_to_look(text: str) -> bool:
    return _LOOK.search(text) is not None or ANSWERS.search(text) is not None
