"""Words on access in the languages of eastern Europe and in Turkish, in the form of the English ones."""

WEST_SLAVIC = """
draft: szkic- roboczy robocza robocze wersja_robocza koncept- rozpracov- návrh nepublikovan-
  niepublikowan- nieopublikowan- nezveřejněn- nezverejnen- k_doplnění
withheld: zarchiwizowan- archiwaln- usunięt- wygas- nieaktywn- przestarzał- archivovan- archivní smazan-
  odstraněn- vymazan- neaktivn- neaktívn- zastaral- vypršel- exspirovan- wycofan-
withheld_state: oczekuje w_trakcie do_akceptacji w_recenzji čeká čaká ke_schválení na_schválenie
  zaplanowan- naplánovan-
restricted: ograniczon- wewnętrzn- poufn- prywatn- zastrzeżon- niepubliczn- służbow- interní interních
  interním interními interný interná interných interným interného vnitřní vnitřních vnútorn-
  interné interni důvěrn- dôvern- soukrom- súkromn- neveřejn- neverejn- vyhrazen- vyhraden-
hidden: ukryt- tajn- skryt- chráněn- chránen- chronion- niewidoczn- neviditeln-
staff: pracowni- agenci agent- zespół zespołu personel zaměstnan- zamestnan- personál tým administrator-
  pracovní-
sign_in: logowani- zalogowan- hasło haslo hasła přihlášen- prihlásen- heslo
open: publiczn- jawn- widoczn- veřejn- verejn- viditeln- viditeľn- zewnętrzn-
everyone: wszyscy wszystkich wszystkim klienci klientów klientom všichni všem zákazníci zákazníkům
  všetci všetkým zákazníci zákazníkom każdy
released: opublikowan- zatwierdzon- aktywn- publikován- publikovan- zveřejněn- zverejnen- schválen-
  aktivní aktívn- udostępnion-
state: stan status statusu stav
audience: widoczność- dostęp- uprawnieni- rola role odbiorc- poufność- klasyfikacj- grupa grupy
  viditelnost viditeľnosť přístup- prístup- oprávněn- oprávnen- důvěrnost dôvernosť klasifikac- skupina
  publikum
readers: rola role odbiorc- grupa grupy skupina
seen: widoczn- dostępn- viditeln- viditeľn- přístupn- prístupn-
only: tylko wyłącznie pouze jen len iba výhradně
required: wymagan- konieczn- vyžadován- vyžaduje vyžadovan- povinn- nutn- potřeb- potreb- wymaga
not: nie bez není nejsou nie_je
hide: ukryj skrýt skryť
show: pokaż publikować publikovat publikovať zobrazit zobraziť
where: klientom klientów klientowi zákazníkům zákazníkom zákazníky
neutral: dla do w na i o pro a k v ve použití użytku použitie strona strony artykuł artykuły stránka
  stránky článek články článok
"""

SOUTH_SLAVIC = """
draft: osnutek- nacrt- skica- neobjavljen- чернова- непубликуван- работна_версия
withheld: arhiviran- izbrisan- obrisan- potekel poteklo istekao isteklo zastarel- zastarjel- neaktiv-
  архивиран- изтрит- изтекъл- неактив- остарял-
withheld_state: čaka_na_pregled v_pregledu na_čekanju u_pregledu изчаква за_преглед
restricted: interno interna interni internih internog internoj internu notranj- zaupn- zaseb- interne
  privatno privatni povjerljiv-
  poverljiv- unutarnj- nejavn- вътреш- поверителн- частен частна частно ограничен- служебно
hidden: skrit- skriven- tajno tajni tajn- zaščiten- zaštićen- скрит- таен тайна секретн- защитен-
staff: zaposlen- osebje djelatni- osoblje agent- ekipa tim служител- екип агент- персонал
sign_in: prijav- geslo lozinka влизане вход парола
open: javn- vidn- vidljiv- публич- видим- достъпн- javan
everyone: vsi vsem stranke strankam svi svima korisnici kupci všechny всички клиенти клиентите
released: objavljen- odobren- aktivn- aktivan публикуван- одобрен- активн- активен
state: stanje status състояние статус
audience: vidnost vidljivost dostop- pristup- občinstvo publika zaupnost povjerljivost skupina grupa
  dozvol- pravice видимост достъп- аудитория поверителност група роля класификация
readers: skupina grupa група роля
seen: vidno vidljivo dostopn- dostupn- видимо видима достъпно
only: samo zgolj само единствено
required: zahtevan- potrebn- obvezn- potreb- задължителн- изисква нужен необходим-
not: ni nije brez без не
hide: skrij sakrij скрий
show: pokaži prikaži objavi покажи публикувай
where: strankam kupcima клиенти клиентите
neutral: za u v na и за на в от uporabo uporabu ползване stran strani stranica stranice članek
  članki članak članci страница страници статия статии
"""

EAST_SLAVIC = """
draft: черновик- неопубликован- не_опубликован- чернетк- неопублікован- в_работе
withheld: архив архиве архивн- архивирован- в_архиве удалено удалён- удален- устарел- неактивн- истек-
  просрочен- отозван- архівн- архів в_архіві видалено видален- застаріл- неактивн-
withheld_state: на_проверке ожидает на_согласовании на_утверждении запланирован- на_модерации
  на_перевірці очікує
restricted: внутренн- закрыт- служебн- конфиденциальн- приватн- частн- ограничен- непубличн- внутрішн-
  закрит- службов- конфіденційн- обмежен- непублічн-
hidden: скрыт- секретн- тайн- защищ- прихован- таємн- захищен- невидим-
staff: сотрудник- агент агенты агентам агентов персонал- команд- администратор- оператор- працівник-
  співробітник- адміністратор- партнер- партнёр-
sign_in: вход авториз- логин пароль парол- вхід авторизац- зарегистрирован- зареєстрован-
open: публичн- открыт- видим- общедоступн- внешн- публічн- відкрит- загальнодоступн- зовнішн-
everyone: все всем всех клиенты клиентам клиентов любой усі всі всім клієнти клієнтам клієнтів
released: опубликован- утвержден- одобрен- активн- актуальн- опублікован- затверджен- схвален-
state: статус состояние стан
audience: видимость видимости доступ- роль роли группа группы аудитори- конфиденциальност- гриф
  классификаци- видимість права конфіденційність група класифікаці- секретность
readers: роль роли группа группы група
seen: видно доступно доступна доступен видна доступне
only: только лишь исключительно лише тільки виключно
required: требуется нужен необходим- обязателен потрібен необхідн- обов'язков-
not: не нет без немає
hide: скрыть приховати
show: публиковать публікувати показывать показать показувати
where: клиентам клиентов клієнтам сайте портале
neutral: для в на и по к у і й использования користування пользования страница страницы статья
  статьи сторінка сторінки стаття статті
"""

HUNGARIAN = """
draft: piszkozat- vázlat- szerkesztés_alatt publikálatlan- nem_publikált
withheld: archivált- archív törölt- lejárt- inaktív- elavult- visszavont-
withheld_state: jóváhagyásra_vár függőben ellenőrzés_alatt
restricted: belső- bizalmas- privát- zártkörű korlátozott-
hidden: rejtett- titkos- védett- láthatatlan-
staff: munkatárs- dolgozó- ügynök- alkalmazott- csapat
sign_in: bejelentkezés- jelszó- regisztrált-
open: nyilvános- látható- publikus- külső-
everyone: mindenki- ügyfelek- ügyfél vendégek bárki
released: közzétéve- közzétett publikált- publikálva jóváhagyott- jóváhagyva aktív-
state: állapot- státusz-
audience: láthatóság- hozzáférés- jogosultság- célközönség- szerepkör- csoport- titkosság- besorolás-
readers: szerepkör- csoport-
seen: látható elérhető
only: csak kizárólag
required: szükséges kötelező
not: nem nincs nélkül
hide: elrejtés
show: megjelenítés
where: ügyfeleknek ügyfelek
neutral: a az és számára használatra oldal oldalak cikk cikkek
"""

ROMANIAN = """
draft: ciornă- ciorne schiță- nepublicat- în_lucru
withheld: arhivat- șters- expirat- inactiv- dezactivat- învechit-
withheld_state: în_așteptare în_revizuire programat
restricted: intern internă interne confidențial- privat privată restricționat- nepublic
hidden: ascuns- secret- protejat- invizibil-
staff: angajați angajat- personal- agenți echipă echipa colaboratori membri
sign_in: autentificare conectare parolă
open: public publică publice vizibil- extern-
everyone: toți tuturor clienți clienților oricine vizitatori
released: publicat publicată aprobat- activ activă
state: stare statut- status
audience: vizibilitate- acces accesul permisiun- rol rolul grup grupuri audienț- confidențialitate
  clasificare
readers: rol rolul grup grupuri
seen: vizibil accesibil disponibil
only: doar numai exclusiv
required: necesar- obligatori- necesită
not: nu fără
hide: ascunde
show: afișează
where: clienți clienților
neutral: pentru și în la uz pagină pagini articol articole
"""

GREEK = """
draft: πρόχειρο- πρόχειρη- προσχέδιο- αδημοσίευτ-
withheld: αρχειοθετ- διαγραμμέν- διεγραμμ- ληγμέν- ανενεργ- παρωχημέν-
withheld_state: εκκρεμ- υπό_έλεγχο
restricted: εσωτερικ- εμπιστευτικ- ιδιωτικ- απόρρητ- περιορισμέν-
hidden: κρυφ- κρυμμέν- μυστικ- προστατευ-
staff: προσωπικό προσωπικού υπάλληλ- υπαλλήλ- ομάδα πράκτορες εργαζόμεν-
sign_in: σύνδεση κωδικός εγγεγραμμέν-
open: δημόσι- ορατ- κοινό_όλων εξωτερικ- ανοιχτ-
everyone: όλοι όλους όλες πελάτες πελατών
released: δημοσιευμέν- δημοσιεύτηκε εγκεκριμέν- ενεργ- δημοσιευμένο
state: κατάσταση
audience: ορατότητα- πρόσβαση- δικαιώματα ρόλος ρόλοι ομάδες κοινό ταξινόμηση εμπιστευτικότητα
  διαβάθμιση
readers: ρόλος ρόλοι ομάδες
seen: ορατό διαθέσιμο προσβάσιμο
only: μόνο αποκλειστικά
required: απαιτείται υποχρεωτικ-
not: μη δεν χωρίς όχι
hide: απόκρυψη
show: εμφάνιση
where: πελάτες
neutral: για το τους τις σε και χρήση σελίδα σελίδες άρθρο άρθρα
"""

TURKISH = """
draft: taslak taslağı taslakta yayınlanmamış yayımlanmamış
withheld: arşiv- arşivlen- silin- silinmiş süresi_dolmuş pasif devre_dışı eski
withheld_state: beklemede incelemede onay_bekliyor planlandı
restricted: dahili- iç_kullanım özel kurum_içi şirket_içi kısıtlı- sınırlı-
hidden: gizli- gizlenmiş saklı korumalı-
staff: personel- çalışan- temsilci- ekip- yönetici- üyeler üye
sign_in: giriş oturum şifre parola kayıtlı
open: herkese_açık halka_açık kamuya_açık açık genel görünür harici
everyone: herkes- müşteri- misafir- ziyaretçi-
released: yayında yayınlandı yayımlandı yayınlanmış yayımlanmış onaylandı onaylı aktif etkin
state: durum- durumu
audience: görünürlük- erişim- gizlilik- hedef_kitle izin izinler yetki- rol roller grup gruplar
  sınıflandırma
readers: rol roller grup gruplar
seen: görebilir görünür erişilebilir
only: sadece yalnızca yalnız
required: gerekli zorunlu gerekir
not: değil hayır yok
hide: gizle
show: göster yayınla
where: müşterilere müşteriye
neutral: için ve kullanım sayfa sayfalar makale makaleler
false: yok
"""
