"""Words before a number in further languages, written as in `models.redaction.label_words`.

hu, ro, tr, el, uk, bg, hr with sl and sr, sk, is, ar, fa, he, hi, th, vi, id. What stands in the lists of the
other languages already is not repeated.
"""

from __future__ import annotations

PHONE = """
zap, hívjon, hívjanak, sunați, volajte, zavolajte, τηλεφωνήστε,
telefonszám*, *telefonszám*, mobilszám*, telefonul*, telefonu*, mobilul, cep tel*, cep no, cep
numar*, cebim, numaram, numaramız, τηλ, τηλέφων*, κινητ*, φαξ, мобільн*, телефонн*, мобилн*, джиесем,
mobitel*, telefonsk*, sími, símanúmer*, *هاتف*, *جوال*, *موبايل*, *تلفون*, *واتساب*, رقمي, تلفن*,
موبایل*, تماس, همراه, *טלפון*, *נייד*, סלולרי*, פלאפון*, וואטסאפ, मोबाइल*, फ़ोन*, फोन*, व्हाट्सएप*,
*โทร*, *มือถือ*, *เบอร์*, điện thoại, đt, sđt, sdt, di động, số máy, zalo, telepon*, telp, ponsel*,
nomor hp, no hp, nomor wa
"""
CALL = """
hívj*, hívni, hívható*, sun*, sunați*, apel*, arayın*, ara, arayabil*, καλέστε, καλέσετε, κλήσ*,
επικοινων*, подзвон*, дзвон*, зателефон*, обад*, позвън*, nazov*, zov*, pozov*, pokliči*, javit*,
zavolaj*, volajte, hringj*, اتصل*, *اتصال*, התקשר*, להתקשר, कॉल, gọi, liên hệ, hubungi*, menghubung*
"""
IDENTITY = """
személyi, személyi ig*, személyazonosító*, adóazonosító*, adószám*, taj, tajszám*, útlev*, jogosítvány*,
cnp, codul numeric, cod numeric, buletin*, pașaport*, pasaport*, carte de identitate, kimlik*, ehliyet*,
vergi*#, αφμ, αμκα, αδτ, ταυτότητ*, διαβατήρι*, рнокпп, іпн, унзр, податков*#, посвідчен*#,
ідентифікац*#, егн, лнч, лична карта, личната карта, oib, jmbg, јмбг, emšo, putovnic*, osobna iskaznica,
osobne iskaznice, pasoš*, davčn*#, porezn*#, lična karta, občiansk*, kennital*, leternjoftim*, هوية,
*الهوية*, *جواز*, *إقامة*, کد ملی, شماره ملی, گذرنامه*, זהות, תז, דרכון*, आधार*, पासपोर्ट*,
*บัตรประชาชน*, *หนังสือเดินทาง*, cccd, cmnd, hộ chiếu, căn cước, ktp*, npwp*, paspor*, NIK, NID, VKN,
broj oi, oi broj, št oi, szig szám*, szem ig*, ci seria, seria ci, лк номер, driver licen*, drivers
licen*, driving lic*
"""
ACCOUNT = """
kontonumm*, bankszámla*, cont bancar, contul bancar, banka hesab*, банковский счет*, банковский счёт*,
расчётный счёт*, bankovní úč*, bankový úč*, žiro račun*, tekući račun*, transakcijski račun*,
банківський рахун*, банкова сметка, τραπεζικ*
"""
CODE = """
пін*, pinkód*, pin-kód*, ellenőrz*#, hitelesít*#, biztonság*#, megerősít*#, belép*#, verificar*#,
securit*#, acces#, doğrulama*#, onay*#, güvenlik*#, giriş*#, επαλήθευσ*#, επιβεβαίωσ*#, ασφαλε*#, μιασ
χρήσησ#, перевір*#, підтвердж*#, безпек*#, входу#, потвърж*#, сигурност*#, достъп*#, potvrd*#,
sigurnosn*#, provjer*#, varnost*#, overovac*#, staðfest*#, *تحقق*#, *تفعيل*#, *تأیید*#, אימות#, xác
thực#, xác minh#, mã pin, mã otp
"""
NUMBER = """
szám, száma, számom, számunk, számú, sz, număr, numărul, numărului, numar, numarul, numara, numarası,
numarasi, αριθμός, αριθμό, αριθμού, αριθμ, αρ, νούμερο, номерът, номера, broj, broja, broju, brojem, br,
številka, številke, številko, št, број, броја, бр, číslom, númer, رقم, الرقم, برقم, شماره, מספר, מס,
नंबर, संख्या, หมายเลข, เลข, số, nomor, nomer
"""
CODE_HEAD = """
kódom, kódja, kódot, codul, codului, kodum, kodumuz, kodunuz, kodunu, κωδικός, κωδικό, κωδικού, κωδ,
кодът, кодови, kôd, kôda, رمز, الرمز, كود, کد, קוד, mã, รหัส, कोड
"""
SMALL = """
a, az, ez, van, lett, új, én, este, e, meu, mea, nou, noua, noul, nostru, la, pe, benim, bu, şu, yeni,
olarak, είναι, μου, μασ, το, η, ο, τον, την, στο, νέος, νέο, και, мій, моя, моє, наш, є, це, новий,
нова, ми, моят, моята, новата, новият, са, то, moj, moja, moje, naš, naša, novi, nova, novo, je, jeste,
mi, môj, nový, er, mitt, هو, هي, لي, على, من, است, הוא, היא, שלי, לי, של, है, मेरा, मेरी, का, คือ, ของ,
là, của, tôi, adalah, saya, ini
"""
WHOSE = "benim, моят, мій, moj, moja, môj, मेरा, मेरे"
COPULAS = "lett, este, oldu, είναι, є, hiện là, هو, هي, است, הוא, היא, है, là, adalah"
BUSINESS = """
rendel*, megrendel*, *számla, *számlá*, számlaszám*, szerződ*, ügyfél*#, ügyfélszám*, ügyszám*,
cikkszám*, cikk*#, termék*, csomag*, szállít*, nyomkövet*, *követési, garanci*, hibakód*, hibaüzenet*,
hiba*#, verzió*, sorozatszám*, gyári*, jegy*#, bejelent*#, ajánlat*, foglalás*, irányítószám*,
alkatrész*, tétel*#, comand*, factur*, contractul*, clientul*#, produs*, colet*, garanți*, versiun*,
eroare*, erori*, tichet*, cerer*#, ofert*, rezervar*, polița*, referinț*, poștal*, piese*#, articol*,
expedier*, retur*, reclamați*, bonul*, bon fiscal, sipariş*, fatura*, sözleşme*, kargo*, takip*,
gönderi*, müşteri*, ürün*, parça*, seri, serisi, hata*, sürüm*, versiyon*, yazılım*, rezervasyon*,
bilet*, poliçe*, indirim*, talep*#, talebi*#, başvuru*#, destek*#, iade*, posta kod*, irsaliye*, stok*,
abone*, dosya*#, işlem*#, referans*, sayaç*, fiş*#, παραγγελ*, τιμολόγ*, συμβόλαι*, συμβάσ*, σύμβασ*,
πελάτ*, προϊόν*, αποστολ*, δέμα*, δέματ*, εντοπισμ*, έκδοσ*, εκδόσ*, σφάλμα*, σφάλματ*, σειρ*, σειριακ*,
εγγύησ*, εγγυήσ*, κράτησ*, κρατήσ*, εισιτήρι*, αίτημα*, αιτήματ*, αναφορ*, προσφορ*, ανταλλακτ*,
εξάρτημ*, εξαρτήμ*, απόδειξ*, αποδείξ*, κουπόνι*, ασφαλιστήρι*, ταχυδρομικ*, τεμάχι*, παρτίδ*, μοντέλ*,
φορτωτικ*, δελτί*#, υπόθεσ*, замовл*, рахун*, договір*, відправл*, посилк*, клієнт*, серійн*, серії,
помилк*, версі*, гаранті*, зверненн*, квит*, бронюв*, знижк*, індекс*, деталі#, виріб, виробу, ттн,
поліс*, лічильник*, товарн*, угод*, поръчк*, пратк*, товарителниц*, продукт*, сериен*, грешк*, гаранц*,
резервац*, отстъпк*, част*#, проследяв*, касов*, сигнал*#, клиентск*, пощенск*, narudžb*, narudzb*,
porudžbin*, račun*, racun*, ugovor*, pošiljk*, posiljk*, kupca#, kupac#, artikl*, proizvod*, serijsk*,
serijska, grešk*, gresk*, verzij*, inačic*, jamstv*, garancij*, zahtjev*#, zahtev*#, rezervacij*,
ponud*, praćenj*, naročil*, narocil*, pogodb*, napak*, izdelek*, izdelk*, dobavnic*, otpremnic*,
poštansk*, поруџбин*, рачун*, наруџб*, уговор*, пошиљк*, faktúr*, zmluv*, zásielk*, reklamác*,
rezervác*, tovar*, výrobk*, diel*#, pöntun*, reikning*, *طلب*, *فاتورة*, *عقد*, *شحنة*, *تتبع*, *منتج*,
*تذكرة*, *خطأ*, *إصدار*, *عميل*, *حجز*, *مرجع*, *سفارش*, *فاکتور*, *قرارداد*, *مرسوله*, *رهگیری*,
*محصول*, *تیکت*, *خطا*, *نسخه*, *مشتری*, *הזמנה*, *הזמנת*, *חשבונית*, *חוזה*, *משלוח*, *מעקב*, *מוצר*,
*פנייה*, *פניה*, *שגיאה*, *גרסה*, *לקוח*, ऑर्डर*, बिल*, इनवॉइस*, चालान*, शिकायत*, टिकट*, उत्पाद*,
त्रुटि*, संस्करण*, ग्राहक*, ट्रैकिंग*, *คำสั่งซื้อ*, *ใบแจ้งหนี้*, *พัสดุ*, *สินค้า*, *ใบเสร็จ*,
*สัญญา*, *รุ่น*, *ข้อผิดพลาด*, *ออเดอร์*, *ติดตาม*, đơn hàng, hóa đơn, hoá đơn, hợp đồng, vận đơn, mã
lỗi, sản phẩm, phiên bản, khách hàng, mã đơn, pesanan*, faktur*, kontrak*, resi, pengiriman*, produk*,
tiket*, kesalahan*, versi, pelanggan*, tagihan*, meter read*
"""
