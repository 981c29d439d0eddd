"""Words that stand before a number and say what it is, in the languages of the users.

en de fr es it pt nl pl sv da nb fi et lv lt ru cs, and zh ja ko in a list of their own. Small letters, with
their accents: people who leave these out are understood too. `*` stands for any letters at the beginning or
end, so that compounds and endings need no entry each. Two words in one entry stand side by side. `#` at the
end: only with a word for number, code or id beside it. Capitals: in capitals only, since "nie" is "not" in
Polish and "sin" is "without" in Spanish.
"""

from __future__ import annotations

# A telephone, and what it is reached by. A number right after one is a phone number.
PHONE = """
ph, pod numerem, pod nr, au numéro, al número, no número, op nummer, på nummer, på nr, pa numuru, по
номеру, на номер, phone*, telephon*, cellphone*, homephone*, workphone*, mobilephone*, *phonenumber,
téléphon*, tél, tele, telf, tfno, tfn, tlf, tlfn, tlfnr, telnr, tlfno, telno, *telefon, *telefone,
*telefono, *telefoon, *telefonu, teléf*, *telefonnummer*, *telefonnr, *telefoni*, *telefoon*,
*telefoninumber*, *telefonnumm*, telefón*, telemóv*, celular*, celulare, cell, cellular*, cellulare,
cel, mobil*, mobiel*, mobiil*, mob, *mobil, móvil*, móviles, movil, portable, gsm*, handy*, *handy,
*handynummer*, *handynr, natel*, puhelin*, puhelim*, *puhelin, *puhelinnumero*, *puhelime*, *puhelinnro,
matkapuh*, puh, puhnro, puhnr, kännyk*, känny, kännyn*, tālr*, tālrun*, mobtel*, telefonas, telefono*,
telefoną, komórk*, kom, stacjonarn*, stacionar*, festnetz*, fastnet*, fasttelefon*, lankapuh*,
landline*, direct line*, fax*, faks*, telefax*, whatsapp*, whats, wapp, viber, telegram, wechat,
callback, rückruf*, rueckruf*, terugbel*, tilbakering*, återuppring*, durchwahl*, *rufnummer*, rufnr,
*rufnr, nebenstelle*, hotline, helpline, doorkies*, *hotline, fixe, rappel, call, ring, dial, звон*,
позвон*, перезвон*, тел, телефон*, мобил*, сотов*, моб, вотсап*, ватсап*, факс*, pevná, pevnou, mobilo,
dzwoń, dzwońcie, zadzwoń, zadzwońcie, oddzwoń, helista, helistage, helistada, skambinkite, paskambinkite,
perskambinkite, skambinti, zvaniet, piezvaniet, zvanīt, piezvanīt, soita, soittakaa, volejte, zavolejte,
llámame, llámeme, llámenme, llamar, appelez, rappelez, chiamatemi, chiamami, chiamare, ligue, liguem,
anrufen, ringen,
mobilaus, mobilusis, mobilioj*, faksas, recado*, contactnummer*, contactnr
"""

# Abbreviations of them: with a dot or a colon right before what has the form of a phone number.
SHORT_PHONE = """
p, t, m, h, w, f, c, ph, tf, tl, mb, port, portab, perso, pers, priv, prof, dom, fixe, fij, fijo, fisso, cel,
cell, cep, mov, móv, mob, тел, т, м, моб, fx
"""

# Words that ask for a call, or say how somebody is reached. A number counts after small words only.
CALL = """
T, M, F, signal, reach*, contáct*, text, texts, sms, phoning, phoned, calling, ringing, ruf, rufe,
rufen, rufst, ruft, anruf*, anzurufen, zurückruf*, erreich*, kontaktier*, kontakt*, ringe, ringer,
ringa, ringt, nå, nås, nåes, træffes, treffes, träffas, oppringning, soit*, tavoit*, tavat*, saavut*,
zvan*, piezvan*, sazvan*, sazin*, sasniedz*, appel*, rappel*, joind*, joign*, téléphoner, téléphonez,
llám*, localiz*, telefone*, telefona*, chiam*, richiam*, contatt*, telefon*, reperibil*, raggiung*,
ligar, ligue*, liguem, liga, ligam, ligarem, chamar, chame*, telefonar, telefonem, bel, belt, bellen,
beller, terugbellen, teruggebeld, terugbelt, bereik*, bereikbaar, dzwoń*, zadzwoń*, zadzwońcie,
oddzwoń*, skontakt*, helist*, helise*, võtke, skambin*, paskambin*, perskambin*, susisiek*, звони*,
звонит*, связ*, связат*, дозвон*, набер*, volej*, volat, zavol*, zastihn*, zastiž*, dovol*,
numer do
"""

# Numbers of people: identity, tax, insurance, passport.
IDENTITY = """
ssn, itin, nino, pesel*, bsn, burgerservice*, sofinummer*, rsin, rijksregister*, insz, niss,
henkilötunn*, hetu, hetun*, hetuni, sotu, sotun*, sosiaaliturvatunn*, personnummer*, personnr, pnr,
personnum*, samordningsnummer*, fødselsnummer*, fodselsnummer*, fødselsnr, fnr, d-nummer, cpr*,
personnumer*, pers nr, personas kod*, asmens kod*, isikukood*, isikukod*, steueridentifikation*,
steuernummer*, steuernr, idnr, idnummer, identifikationsnummer*, sozialversicherung*, krankenversich*,
versichertennummer*, versichertennr, rentenversicherungs*, svnr, svnummer, rvnr, ahv*, avs,
personalausweis*, ausweisnummer*, ausweisnr, reisepass*, passnummer*, passnr, passport*, passeport*,
pasaporte*, passaporto, passaporte*, paspoort*, paszport*, passi, passin*, pass nr, pase, pases, pass
numurs, führerschein*, driving licen*, rijbewijs*, dni, nif, nif-nie, nuss, curp, cpf, cnh, cédula*,
nip, dowod*, dowód, dowodu, cartão de cidadão, bi, codice fiscale, cod fisc, codicefiscale, codfisc,
fisc, piva, partita iva, iva, vat, ust*, ustid*, uid, tva, btw*, momsnummer*, momsnr, moms, seguridad
social, sécurité sociale, sécu, previdenza sociale, social security, national insurance, social
insurance, national id*, identity card*, id card*, carte d'identité, pièce d'identité, carta d'identità,
documento de identidad, documento identidad, carné de identidad, tarjeta sanitaria, tessera sanitaria,
carte vitale, medicare, nhs, utr, snils, снилс*, инн, паспорт*, полис*, rodné čísl*, rodného čísl*,
rodným čísl*, rč, občansk*, dič, numéro national, registre national, numer dowodu, aadhaar, tckn,
skattenummer*, henkilönumero*, henkilökorti*, ajokort*, juhiloa*, dokumendi*, vadītāja apliecīb*,
vairuotojo, sv#, rv#, *ausweis#, verotunn*#, veronumero*#, tax*#, *steuer*#, steuer#, fiscal*#,
fiscale#, fiscaux#, podatk*#, podatnik*#, verotus*#, skatte*#, belasting*#, налог*#, налогоплат*#,
daň*#, nodokļ*#, mokesč*#, maksukohust*#, contribuinte#, contribuyente#, contribuable#, imposto#,
impôt*#, national*#, nacional*#, nazional*#, social#, sociale#, sociali*#, socjaln*#, identit*#,
identid*#, identific*#, identifik*#, tożsamo*#, personal#, personas#, osobist*#, identité#, ubezpiecz*#,
RG, SPI, SIN, NIE, NIR, TIN, NIN, CF, SS, NI, TFN, PPS, PPSN, UST, IVA, AVS, AHV, BI, RC, IK, NN, NAS,
RRN, NIP,
matricule*, číslo op, čísla op, číslem op, č op, op č, op číslo, cislo op, nr dow*, asm kod*, hlötunn*,
pers nr, persnr, my social, renten-vers*, rentenvers*, sozial-vers*, sozialvers*, soz-vers*, sv-nr*
"""

# Payment cards.
CARD = """
card, cards, creditcard*, debitcard*, visa*, mastercard*, maestro, amex, *karte, *karten, kreditkarten*,
kartennummer*, kartennr, kort, kortet, *kort, kortnummer*, kortnr, *kortti, *kortin*, *korttini*,
*korttinumero*, carte*, cb, tarjeta*, carta, carte, cartão, cartões, kaart, *kaart, kaartnummer*,
kaardi*, karty, kartę, kartą, kart, kartu, karti, kartes, karšu, kortelė*, kortelės, карт*, kartou,
kartě, pan
"""

# Secret codes of people.
CODE = """
one-time*#, single-use#, monouso#, backup#, recovery#, geheimzahl*, blik, kod blik,
pin, pins, *pin, pinkod*, pincod*, pinkoo*, pin-*, pinn, pinnummer, pinnum*, pinnr, puk*, cvv*, cvc*,
csc, otp, totp, mfa, 2fa, mtan, *tan-code, *pin-code, pincode*, passcode*, einmalcode*, einmalkennwort*,
einmalpasswort*, kertakäyttö*, vahvistuskood*, turvakood*, tunnusluk*, tunnuslu*, avainluk*,
engångskod*, bekreftelseskod*, bekræftelseskod*, verifikationskod*, verifiseringskod*, verifieringskod*,
bekräftelsekod*, sikkerhetskod*, sikkerhedskod*, säkerhetskod*, bestätigungscode*, sicherheitscode*,
sicherheitsnummer*, prüfziffer*, prüfnummer*, verifizierungscode*, freischaltcode*, zugangscode*,
aktivierungscode*, türcode*, alarmcode*, entsperrcode*, entsperrungs*, verificatiecode*,
beveiligingscode*, bevestigingscode*, toegangscode*, inlogcode*, smscode*, sms-code*, portkod*,
dørkode*, alarmkod*, kinnituskood*, ovikood*, cryptogramme, cryptogram*, пин*, пинкод*, sms*#, *sms#,
text#, texted#, esemes*#, vérif*#, weryfik*#, verifik*#, veryfik*#, bestätigung*#, confirm*#,
confirmación#, confirma*#, conferm*#, potwierdz*#, potvrz*#, ověř*#, over#, apstiprin*#, patvirtin*#,
kinnit*#, bevestig*#, vahvist*#, bekreft*#, bekræft*#, bekräft*#, secret*#, confiden*#, geheim*#,
poufn*#, tekstiviest*#, tekstisõnum*#, sécur*#, segur*#, sicurezz*#, bezpiecz*#, bezpečn*#, turva*#,
sicherheit*#, sikkerhed*#, sikkerhet*#, säkerhet*#, veilig*#, drošīb*#, saugos#, saugum*#, turvalisus*#,
безопасн*#, one time#, onetime#, single use#, einmal*#, eenmalig*#, engångs*#, unique#, usage unique#,
único#, jednoraz*#, jednorázov*#, ühekord*#, vienreiz*#, vienkart*#, одноразов*#, access*#, acces*#,
accès#, acceso#, accesso#, acesso#, dostęp*#, přístup*#, piekļuv*#, prieigos#, juurdepääs*#, доступ*#,
login*#, log in#, sign in#, logowan*#, přihlaš*#, authent*#, auth#, autent*#, authoris*#, authoriz*#,
autoryz*#, autorizac*#, auktoris*#, entry#, door#, gate#, alarm*#, unlock*#, lock#, keypad#, safe#, key
safe#, lockbox#, porta#, portón#, portail#, puerta#, porte#, portone#, cancello#, tür*#, deur#, brama#,
bramy#, drzwi#, dveř*#, vart*#, durvju#, durvīm#, durų#, ukse#, двер*#, подтвержд*#, смс#, провер*#,
aktiv*#, activ*#, attiv*#, aktywac*#, sblocc*#, desbloque*#, déblo*#, odblok*#, whatsapp#, mail#,
e-mail#, email#, reçu#, recibid*#, recibí#, ricevut*#, recebi*#, otrzym*#, ontvangen#, erhalten#,
mottagen#, mottatt#, modtaget#, saamani#, saatu#, saņem*#, получ*#, obdrž*#, sent#, TAN, PIN, CID,
varmennus*#, varmistus*#, tunnistus*#, inlogg*#, innlogg*#, kirjautumis*#, anmelde*#, freigabe*#,
convalid*#, valid*#, вход*#, авториз*#, prisijung*#, sisselog*#, odemyk*#, přístup*#
"""

# Bank accounts.
ACCOUNT = """
iban*, *iban, reknr, rek nr, bank account*, bankkont*, kontonummer*, kontonr, bankverbindung*, rib,
compte bancaire,
cuenta bancaria, conto corrente, conta bancária, bankrekening*, rekeningnummer*, pankkitil*, tilinumer*,
tilille, bankkonto*, rachun*, pangakont*, bankas konts, banko sąskait*, účt*
"""

# What has an address in a network.
ADDRESS = """
ip, ipv4, ip-*, ip address*, address, addresses, host*, server*, ping*, dns, gateway*, router*,
reititin*, reititti*, subnet*, netmask, proxy, vpn, adresse*, adress*, dirección*, indirizz*, endereç*,
adres*, osoit*, aadress*, adrese*, адрес*
"""

# Words for number and id, and for code.
NUMBER = """
number, numbers, numb, num, no, nos, nr, nrs, nro, nbr, nb, n, nummer, nummern, nummeret, nummeren,
nummers, numret, numero, numeron, numeroni, numeromme, numeroon, numerosta, numerossa, numeroa, numeri,
numéro, numéros, número, números, núm, numer, numeru, numerem, numery, nrem, numurs, numuru, numura,
numuram, numuros, numuriem,
numurā, numuri, numeris, numerį, numerio, numeriu, numbri, numbrit, numbril, numbrile, номер, номера,
номеру, номером, номере, ном, identifiant, identificador, identificativo, identyfikator, identifikaator,
kennnummer, číslo, čísla, číslu, číslem, čísle, čís, č, cislo, id, tunnus, tunnuksen, tunnukseni
"""
CODE_HEAD = """
clave, claves, code, codes, coden, kod, kodu, kodem, kody, koden, kodet, kode, koder, kód, kódu, kódem,
koodi, koodin, koodia, koodini, koodilla, kood, koodiga, código, códigos, codigo, codice, codici, kods,
koda, kodas, kodą, kodo, код, кода, коду, кодом, cod
"""

# Small words that may stand between a word and its number: copulas, prepositions, pronouns, "new", "private".
SMALL = """
is, are, was, were, be, been, should, shall, will, would, must, read, reads, to, the, a, an, of, on, at,
in, for, from, my, our, your, his, her, their, its, it, this, that, these, new, old, current, correct,
right, wrong, now, me, us, him, them, back, please, pls, under, via, using, directly, with, by, and, or,
as, has, have, set, changed, updated, one, still, follows, below, following, home, work, office,
private, personal, direct, daytime, evening, day, main, own, same, got, get, given, i, we, ist,
sind, war, waren, lautet, lauten, lautete, wäre, sei, wird, der, die, das, den, dem, des, ein, eine,
einer, einen, mein, meine, meiner, meinem, meinen, unser, unsere, unserer, unserem, ihr, ihre, ihrer,
ihrem, seine, seiner, neue, neuer, neuen, neues, alte, alten, richtige, richtig, korrekt, aktuelle,
jetzt, nun, für, auf, zu, zum, zur, unter, über, von, vom, im, mit, mir, mich, uns, ihn, sie, bitte,
sehr, gerne, gern, zurück, direkt, und, oder, hier, heute, dieser, diese, dieses, folgende, geändert,
privat, dienstlich, geschäftlich, est, sont, était, étaient, serait, soit, c'est, cest, le, la, les, l,
un, une, de, du, d, au, aux, à, en, sur, pour, par, mon, ma, mes, notre, nos, votre, vos, son, sa, ses,
leur, nouveau, nouvelle, ancien, ancienne, bon, actuel, actuelle, maintenant, désormais, moi, nous, lui,
ce, cet, cette, ci, dessous, suivant, suivante, svp, et, ou, voici, domicile, personnel, perso, fixe,
suis, je, qu'il, es, era, sería, fue, el, los, las, lo, una, del, al, para, por, con, mi, mis, su, sus,
nuestro, nuestra, nuevo, nueva, antiguo, antigua, correcto, correcta, actual, ahora, este, esta, esto,
favor, siguiente, fijo, particular, y, o, mío, conmigo, está, sigue, puesto, queda, è, e,
sono, sarebbe, il, gli, uno, di, dello, della, dei, da, dal, allo, alla, nel, sul, per, mio, mia, miei,
nostro, nostra, suo, sua, nuovo, nuova, vecchio, corretto, giusto, attuale, ora, questo, questa,
seguente, contatto, fisso, casa, personale, ed, oppure, ai, voglia, é, eram, são, seria, os, um, uma,
do, dos, no, na, ao, em, com, meu, minha, nosso, nossa, seu, novo, nova, antigo, antiga, correto, certo,
atual, agora, seguinte, fixo, pessoal, pelo, pela, zijn, wordt, luidt, het, een,
van, voor, op, aan, naar, met, onder, mijn, m'n, ons, onze, uw, jouw, haar, nieuwe, nieuw, oude, juiste,
goede, huidige, nu, mij, dit, dat, deze, volgende, graag, gewijzigd, vaste, vast, mobiele, prive, privé,
zakelijk, dan, jest, są, był, była, było, będzie, być, powinno, powinien, brzmi, dla, w, z, ze, od, pod,
po, mój, moja, moje, mojego, mojej, nasz, nasza, jego, jej, mnie, nam, nowy, nowa, nowe, stary,
poprawny, prawidłowy, aktualny, teraz, ten, ta, tym, proszę, prosze, domowy,
służbowy, prywatny, lub, albo, oraz, następujący, är, var, blir, det, ett, på, till, för, med, av, från,
min, mitt, mina, vår, vårt, hans, hennes, nytt, nya, ny, gammalt, rätt, aktuella, mig, oss, detta,
följande, gärna, tack, tillbaka, och, eller, hem, arbete, er, bliver, til, af, fra, mine, vores, hendes,
nyt, nye, gammelt, rigtige, riktig, riktige, nå, meg, dette, følgende, gjerne, takk, tak, tilbage,
tilbake, og, direkte, lyder, oli, ovat, olisi, se, ja, tai, uusi, uuden, vanha, oikea, nykyinen, minun,
mun, meidän, hänen, minulle, meille, minut, meidät, mut, takaisin, seuraava, tämä, iltaisin, suoraan,
oma, koti, työ, mu, minu, meie, tema, see, uus, uue, vana, õige, nüüd, mulle, meile, tagasi, või,
järgmine, palun, otse, ir, bija, būs, mans, mana, manu, mūsu, viņa, viņas, jauns, jaunais, jaunā,
vecais, pareizais, tagad, man, mums, uz, pa, pie, ar, šis, šo, šāds, lūdzu, vai, mājas, darba,
atpakaļ, yra, buvo, bus, mano, mūsų, jo, jos, naujas, naujasis, senas, teisingas, dabar, į, iš, šiuo,
prašau, prašome, arba, namų, darbo, atgal, toks, это, был, была, будет, мой, моя, моё,
моего, наш, наша, его, её, новый, новая, старый, правильный, теперь, сейчас, мне, меня, нам, на, по, в,
с, со, для, от, из, пожалуйста, и, или, этот, этому, домашний, рабочий, личный, такой,
следующий, вот, jsou, byl, byla, bylo, bude, můj, mého, náš, naše, jeho, její, nový, nové, starý,
správné, aktuální, nyní, teď, mě, nám, pro, s, v, prosím, nebo, toto, tomto, domácí,
pracovní, osobní, následující
"""
# Whose a number is: "my number" of nothing else is a phone number.
WHOSE = """
my, our, her, his, their, mein, meine, meiner, unsere, unserer, min, mitt, mit, vårt, vår, vores, mans,
manu, mana, mūsu, mon, notre, sa, son, mi, nuestro, mio, nostro, meu, nosso, mijn, onze, mój, nasz, mu,
minu, meie, mano, мой, наш, můj, náš, minun, meidän, numeroni, numeromme
"""
COPULAS = """
is, are, was, were, be, read, reads, it's, ist, sind, heißt, war, lautet, wäre, sei, est, était, c'est, es,
era, son, è, sono, é, eram, jest, to, był, była, było, brzmi, är, er, var, on, oli, ir, bija, yra, buvo,
это, был, была, je, byl, byla, bylo,
wordt, werd, luidt, blir, bliver, blev, sarà, será, sera, bude, будет, bus, būs, tulee, zostaje, ficou, quedó
"""
PREPOSITIONS = """
for, in, on, at, with, about, to, by, für, im, bei, zu, zum, zur, auf, mit, wegen, vom, von, nach,
jeden, pour, en, au, aux, dans, lors, selon, sur, avec, avant, para, por, con, al, nel, nella, per, da,
dal, alla, allo, su, no, na, ao, em, com, voor, bij, met, naar, op, w, we, dla, do, z, ze, o, przy, po,
för, vid, till, på, i, med, om, til, ved, hos, u, v, k, pro, při, s, se, в, во, на, для, по, при, с, о,
от, у, par, pie, uz, ar, dėl, iš, į, kui, jos, siinä, kaikissa, tässä, sel, igal
"""
# Words that a phone number follows, whatever stands before: "the customer on 07400 123456".
REACHED = """
on, at, under, unter, au, sur, al, op, pod, på, uz, sub, sob, numeroon, numerossa, numerosta,
telefonilla, на, по
"""
# Words between two numbers of one list.
JOINING = """
and, or, und, oder, et, ou, y, o, e, ed, i, lub, och, eller, og, ja, tai, või, un, vai, ir, arba, и,
или, a, nebo, en, of
"""

# Chinese, Japanese and Korean: what is found last before the number counts.
CJK = {
    "ADDRESS": "地址 服务器 主机 网关 アドレス サーバー 주소 서버",
    "PHONE": """
        电话 電話 手机 手機 座机 座機 固话 热线 熱線 传真 傳真 联系方式 聯絡方式
        微信 移动电话 行动电话 市话 拨打 撥打 致电 致電 拨 撥 打给 打我 打 回电
        回電 联系 聯繫 聯絡 呼叫 来电 携帯 でんわ ケータイ ファックス ファクス fax
        連絡先 連絡 おかけ 전화 휴대폰 핸드폰 연락처 연락 팩스 휴대전화 모바일
    """,
    "IDENTITY": """
        身份证 身分證 身份證 证件 證件 护照 護照 社保 社会保障 纳税人识别 納稅人識別
        统一编号 税号 稅號 居留证 驾驶证 驾照 公民身份 マイナンバー 個人番号 パスポート
        旅券 免許証 保険証 基礎年金 주민등록 주민번호 여권 외국인등록 운전면허
    """,
    "CARD": """
        银行卡 銀行卡 信用卡 借记卡 储蓄卡 卡号 卡號 カード 카드
    """,
    "ACCOUNT": "계좌 口座 银行账号 银行账户 銀行帳號 銀行帳戶 銀行賬號",
    "CODE": """
        验证码 驗證碼 认证码 認證碼 校验码 动态码 动态密码 确认码 認証コード 認証番号 確認コード
        確認番号 暗証番号 ワンタイム セキュリティコード 安全码 安全碼 提款密码 取件码
        门禁密码 開門密碼 인증번호 인증코드 보안코드 확인코드 비밀번호 暗証
    """,
}
CJK_NUMBER = "号码 號碼 号 號 编号 番号 번호 ナンバー no"
CJK_CODE = "码 碼 コード 코드"
CJK_SMALL = """
是 为 為 は が を の 就是 改为 改成 换成 变成 分机 와 는 은 이 가 あと です 请 我的 一下 即 和
或 与 と か 新的 もしくは または
"""
