"""Words for what a business counts: orders, contracts, parts, versions, errors. A number after one stays.

Written as in `models.redaction.label_words`, by language; `goods` has parts that are ordered by number.
"""

from __future__ import annotations

BUSINESS = {
    "goods": """
        valve, filter*, hose, pump, belt, bearing, ventil*, *dichtung, filtre*, pumpe*, *lager, joint,
        vanne, courroie, repuesto*, junta, válvula, filtro, valvola, guarnizione, klep, afdichting,
        zawór, filtr*, tiiviste*, venttiili*, hihna*, packning*, pakning*, blīv*, tarpin*, tihend*,
        прокладк*, těsněn*
    """,
    "en": """
        order*, purchase*, po, quote*, quotation*, invoice*, inv, bill#, bills#, billing, receipt*,
        contract*, agreement*, policy, policies, claim, claims, booking*, reserv*, reference*, ref,
        refs, ticket*, case#, cases#, incident*, request#, requests#, rma*, return#, returns#,
        tracking*, parcel*, package*, shipment*, shipping, consignment*, waybill*, awb, delivery#,
        credit note*, despatch note*, slip, docket,
        customer*, client*, member*, membership*, subscription*, account#,
        accounts#, part#, parts#, item#, items#, sku, article*, art#, product*, model*, type#, types#,
        catalog*, catalogue*, cat#, lot, lots, batch*, serial*, sn, imei, imsi, iccid, meid, pn, gtin,
        ean, upc, isbn, issn, asin, mpn, hsn, barcode*, asset*, asset tag*, service tag*, tag,
        inventory, meter#, version*, ver, firmware*, software*, build, release*, revision, rev, patch*,
        update*, error*, err, exception, event#, kb, job, jobs, project*#, transaction*, txn, voucher*,
        coupon*, promo*, discount*, gift#, licence*, license*, key#, seal#, container*, file#, dossier*,
        complaint*, warranty*, vin, chassis, plate, registration, flight*, train, gasket, unit#, units#,
        postcode, zip, postal*, extension#, ext#, room#, size#, page#, user#, users#, row#, port#,
        process#, pid, delivery note*, part no*, type plate, HU, OS, BS, FS, WZ, ZK, PZ, BV, LS, AB, KV,
        AN, PO, OC
    """,
    "de": """
        best nr, bestnr, best-nr, *auftrag*, *bestell*, *vertrag*, *rechnung*, *quittung*, *beleg*,
        *lieferschein*, *lieferung*#,
        *sendung*, *paket*, *kunden*, kunde#, kd, kdnr, auftr, rechn, rg, rgnr, vertr, *mitglied*,
        *artikel*, *teile*, *ersatzteil*, *material*#, *serie*, *seriennr, *charge*, chargen*, los#,
        losnummer*, losnr, *modell*, typ#, typen*, *gerät*#, *zähler*, *vorgang*, *fall#, fallnummer*,
        fallnr, *aktenzeichen, akten*, az#, *angebot*, *projekt*, *referenz*, *buchung*, *reservierung*,
        *transaktion*, *police*, policen*, *versicherungsschein*, *schaden*, *lizenz*, *gutschein*,
        *rabatt*, *aktion*#, *fehler*, *störung*, ereignis*, *versionsnummer, fassung, *meldung*#,
        *reklamation*, *retoure*, *inventar*, *anlage*#, *fahrgestell*, *kennzeichen*, *barcode*,
        *katalog*, *produkt*, *zeichnung*#, *kommission*#, *anfrage*#, *konto*#, *postleitzahl, plz,
        belegnr, pos#, position*, *vin, *fertigung*, *postfach, bestnr, zählerstand*, fehlermeldung*
    """,
    "fr": """
        command*, facture*, devis, contrat*, bordereau, livraison*#, colis, suivi#, expédition*, adhér*,
        abonn*, réclam*, sinistre*, réf, réfé*, référ*, pièce*, produit*, modèle*, série*, séries, lot*,
        compteur*, garantie*, versions, logiciel*, micrologiciel*, erreur*, mise à jour, réservation*,
        billet*, police*, avis#, ticket, caisse#, code-barres, immatriculation, châssis, postal, promo,
        réduction, cadeau#, matricule de, matricule du, matricule des, remise#, bon de livraison,
        bon de commande
    """,
    "es": """
        pedido*, factura*, presupuesto*, contrato*, albarán*, envío*#, paquete*, seguimiento*, cliente*,
        socio*, abonad*#, expediente*, reclama*, incidencia*, referencia*, pieza*, artículo*, producto*,
        modelo*, serie*, lote*, contador*, garantía*, versión*, parche*, actualiza*, reserva*, billete*,
        póliza*, siniestro*, recibo*, matrícula, bastidor, descuento, cupón, ns#, caso#, solicitud*,
        compra*#, localizador*
    """,
    "it": """
        ordin*, fattur*, contratt*, preventiv*, bolla*, bollett*, ddt, spedizion*#, pacc*, tracciat*,
        soci#, pratica#, reclam*, riferiment*, rif, ricambi*, articol*, prodott*, modell*, matricol*,
        lott*, contator*, garanzia, versione, aggiornament*, prenotazion*, bigliett*, polizz*, sinistr*,
        scontrin*, ricevut* fiscale, targa, telaio, sconto, buono#, cap#, segnalazion*#, richiest*#,
        codice articolo, codice prodotto, codice cliente, codice ordine, pod, pdr
    """,
    "pt": """
        encomenda*, fatura*, orçamento*, remessa*, envio*#, rastre*, objeto*#, objecto*#, sócio*,
        processo*#, reclamação, protocolo*, peça*, artigo*, produto*, garantia, versão, atualiza*,
        erro*, bilhete*, apólice*, desconto, cep, chamado*, ocorrência*, pedido, nota fiscal, nf, nfe,
        guia#
    """,
    "nl": """
        *bestel*, *order*, ordernr, *factuur*, *offerte*, *contract*, contractnr, *pakbon*,
        *zending*#, *pakket*, *track*, *klant*, *klantnummer, lid#, lidnummer, *abonnement*, *dossier*,
        *zaak*#, zaaknr, *klacht*, *melding*#, *referentie*, *kenmerk*, *onderdeel*, *onderdelen*,
        *product*, *model*, *partij*, *meter*#, *garantie*, *versie*, *fout*#, *boeking*, *reservering*,
        *polis*, *schade*, *bon#, bonnummer, *kenteken*, *korting*, *storing*, *verzoek*#, *kassabon
    """,
    "pl": """
        zamów*, faktur*, fv, fvat, umów*, ofert*, przesył*#, przesyl*, paczk*, paczce, list przewozowy,
        śledzen*, klient*, spraw*#, zgłosz*#, zglosz*, reklamac*, reklamacj*, sygnatur*, referenc*,
        częś*, czesc*, kat#, katalog*, artykuł*, produkt*, seryjn*, seri*, parti*, licznik*, gwaranc*,
        wersj*, aktualizac*, błęd*, błąd, rezerwac*, bilet*, polis*, szkod*, paragon*, rejestrac*,
        rabat*, pocztow*, indeks*#, symbol*#, uszczelk*, łożysk*, protok*, pozycj*#, konto#, konta#,
        nadania
    """,
    "sv": """
        beställning*, ordernumm*, faktura*, fakturanr, offert*, avtal*, avtals*, kontrakt*, *sändning*,
        kolli*, kund*#, medlem*#, abonnemang*, ärende*, reklamation*, referens*, reservdel*, artik*,
        mätar*, garanti*, uppdater*, fel#, felkod*, bokning*, biljett*, försäkring*, skade*, kvitto*,
        registrer*, rabatt*, postnummer*, spårning*, följesedel*, konto*#
    """,
    "da nb": """
        bestilling*, ordre*, ordren*, tilbud*, aftale*, forsendelse*, sending*#, pakke*, sporing*,
        kunde*, abonnement*, sag#, sags*, sak#, saks*, reklamasjon*, referanse*, reservedel*, del#,
        dele*#, varenummer*, vare*, artikkel*, artikel*, måler*, versjon*, oppdatering*, opdatering*,
        feil*, fejl*, forsikring*, polise*, kvittering*, registrering*, henvendelse*#, avtale*
    """,
    "fi": """
        tilau*, tilaus*, lasku*, tarjou*, sopimu*, lähety*, paketti*, paketin*, seuranta*, asiaka*,
        jäsen*, tapau*#, palvelupyyn*#, tiketti*, tiketin*, reklamaatio*, viite*#, viitt*#, varaosa*,
        osanumero*, osa#, osan#, tuote*#, tuotte*#, malli*, mallin*, sarja*, sarjan*, erä, erän,
        eränumero*, mittari*, takuu*, versio*, päivity*, virhe*, varau*, lippu*, vakuutu*, vahinko*,
        kuitti*, kuitin*, rekisteri*, alennu*, postinumero*, artikkeli*, nimike*, ilmoitu*, kassakone*,
        laite*#, laitte*#, käyttöpaik*, ohjelmisto*
    """,
    "et": """
        tellimu*, arve*, pakkumi*, leping*, saadeti*, paki*, pakk, klien*, liikme*, juhtum*#, pöördumi*,
        kaebu*, viitenumb*, varuosa*, toot*#, toode, mudel*, seeria*, partii*, arvesti*, garantii*,
        versioon*, uuendu*, vea*#, viga#, veakood*, bronee*, pilet*, kindlustu*, kviitung*, allahind*,
        postiindeks*
    """,
    "lv": """
        pasūtīj*, rēķin*, piedāvāj*, līgum*, sūtīj*, pak*#, paciņ*, izsekoš*, biedr*, liet*#,
        pieteikum*, sūdzīb*, atsauc*, detaļ*, rezerves daļ*, daļ*#, preces#, prece*#, sērij*, partij*,
        skaitītāj*, garantij*, versij*, atjaunināj*, kļūd*, rezervāc*, biļet*, ček*, atlaid*, pasta
        indeks*, artikul*
    """,
    "lt": """
        užsakym*, sąskait*, pasiūlym*, sutart*, siunt*, siuntin*, nario#, byl*#, užklaus*, skund*,
        nuorod*#, dal*#, detal*, prekės#, prekė*#, gamin*, serij*, skaitikl*, atnaujin*, klaid*,
        rezervac*, biliet*, kvit*, čeki*, nuolaid*, pašto
    """,
    "ru": """
        заказ*, счёт*, фактур*, договор*, контракт*, накладн*, посылк*, отправлен*#, трек*, клиент*#,
        абонент*, дел#, дело#, обращени*#, заявк*, жалоб*, претензи*, ссылк*, детал*, запчаст*,
        артикул*, товар*, издели*, модел*, серийн*, сери*, парти*, счётчик*, гаранти*, верси*, прошивк*,
        обновлен*, ошибк*, брон*, билет*, чек*, квитанц*, скидк*, промо*, индекс*, лот#, тикет*,
        каталож*, инвентарн*
    """,
    "cs": """
        objednáv*, nabídk*, smlouv*, smluv*, zásil*, balík*, sledov*, zákazn*, člen*#, případ*#,
        požadav*#, náhradní*, díl*#, dílu#, zboží, výrob*, sériov*, šarž*, elektroměr*, záruk*, verz*,
        chyb*, jízdenk*, pojist*, účtenk*, sleva, slevov*, psč, firmwar*, dod* list*, katalogov*
    """,
}
BUSINESS_CJK = """
订单 訂單 单号 單號 合同 合約 合约 发票 發票 快递 快遞 运单 物流 包裹 客户 客戶 会员
會員 工单 工單 案件 编号 編號 配件 零件 型号 型號 货号 貨號 商品 产品 產品 批号 批次
批號 序列 机型 资产 版本 固件 错误 錯誤 代码 代碼 密封圈 滤芯 パッキン 流水 交易 参考
保单 优惠 报修 受理 订购 采购 条形码 邮编 车牌 户号 表号 账单 注文 契約 請求書 伝票 追跡
荷物 お客様番号 会員 部品 型番 品番 商品 製品 ロット シリアル 製造番号 バージョン エラー
問い合わせ番号 受付 予約 管理番号 保証書 見積 郵便 証券 주문 계약 송장 운송장 택배 고객
회원 부품 모델 품번 제품 상품 로트 시리얼 일련 버전 오류 에러 접수 예약 영수증 청구 보증
우편 견적
"""
