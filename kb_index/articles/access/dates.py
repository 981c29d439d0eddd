"""Date words: keys of the dates from and until which an article is published."""

from __future__ import annotations

import re

from kb_index.articles.access.words import SPELLED_OUT, with_plain_letters


def _words(text: str) -> frozenset[str]:
    """Return words in lower case without accents, and those that spell out an umlaut."""
    return frozenset(with_plain_letters(f"{text} {text.translate(SPELLED_OUT)}").casefold().split())


def _phrases(text: str) -> frozenset[str]:
    """Return whole keys without what joins their words."""
    return frozenset(re.sub(r"[\W_]+", "", phrase) for phrase in _words(text))


DATE = _words("date at on time datetime from until till to through after before since dt for start end after")
STARTS = _words(
    """
    publish published publication publishing release released embargo live available valid visible effective
    pub scheduled schedule embargoed online launch
    """
)
ENDS = _words(
    """
    expiry expires expire expired expiration unpublish unpublished archive archived delete deleted retire
    retired trash trashed valid available visible hide hidden offline sunset remove removal removed
    withdrawn taken
    down stale
    """
)
ENDS_ALONE = _words("expiry expires expire expiration sunset")
STARTS_ALONE = _words("embargo")
END_MARKS = _words("until till to through before end")
# Dates of what people do with an article.
ORDINARY = _words(
    """
    view viewed access accessed review reviewed update updated create created modified modify edit edited
    import imported sync synced index indexed seen first last login signed translated checked verified due
    changed event reminder reviewdate lookup
    """
)
STARTS_PHRASES = _phrases(
    """
    start_date starts_at starts_on go_live go_live_date live_from live_date show_from display_from
    gültig_ab gültig_von gilt_ab veröffentlichungsdatum veröffentlicht_am veröffentlichen_am freigabedatum
    freigegeben_ab online_ab sichtbar_ab sperrfrist gesperrt_bis startdatum date_de_publication publié_le
    valable_à_partir_du valide_à_partir_du visible_à_partir_du date_de_début date_début
    fecha_de_publicación fecha_publicación publicado_el válido_desde vigente_desde visible_desde
    fecha_inicio
    fecha_de_inicio data_di_pubblicazione data_pubblicazione pubblicato_il valido_dal visibile_dal
    data_inizio
    data_de_publicação publicado_em válido_desde válido_a_partir_de data_de_início data_início
    publicatiedatum gepubliceerd_op geldig_vanaf zichtbaar_vanaf begindatum ingangsdatum data_publikacji
    ważne_od obowiązuje_od widoczne_od data_rozpoczęcia publiceringsdatum giltig_från giltigt_från
    udgivelsesdato publiceringsdato gyldig_fra startdato publiseringsdato julkaisupäivä voimassa_alkaen
    alkamispäivä avaldamiskuupäev kehtib_alates alguskuupäev publicēšanas_datums derīgs_no sākuma_datums
    paskelbimo_data galioja_nuo pradžios_data дата_публикации действует_с дата_начала datum_publikování
    datum_zveřejnění platné_od platnost_od datum_začátku 公開日 公開日時 公開開始日 掲載開始日 開始日
    发布日期 发布时间 生效日期 上线时间 开始日期 게시일 공개일 시작일
    planlanan_yayın_tarihi yayın_tarihi geçerlilik_başlangıcı érvényes_től közzététel_dátuma megjelenés_dátuma
    data_publicării valabil_de_la дата_публікації діє_з дата_на_публикуване валидно_от ημερομηνία_δημοσίευσης
    ισχύει_από dátum_zverejnenia platí_od datum_objave velja_od vrijedi_od tanggal_terbit berlaku_mulai
    ngày_xuất_bản hiệu_lực_từ วันที่เผยแพร่ تاريخ_النشر תאריך_פרסום
    """
)
ENDS_PHRASES = _phrases(
    """
    end_date ends_at ends_on end_at end_time valid_thru best_before use_by good_until active_until
    online_until show_until display_until live_until until
    gültig_bis gilt_bis ablauf ablaufdatum läuft_ab läuft_ab_am verfallsdatum verfällt_am enddatum
    gültigkeitsende gültigkeit_bis sichtbar_bis online_bis aktiv_bis anzeigen_bis veröffentlicht_bis
    freigegeben_bis befristet_bis archivierungsdatum archiviert_am archivieren_am löschdatum gelöscht_am
    valable_jusqu'au valide_jusqu'au valide_jusqu'à visible_jusqu'au date_d'expiration
    date_expiration expiration
    date_de_fin date_fin fin_de_validité date_de_péremption expire_le échéance
    válido_hasta vigente_hasta visible_hasta fecha_de_caducidad fecha_caducidad caducidad caduca
    fecha_de_vencimiento vencimiento fecha_fin fecha_de_fin fecha_de_expiración expira
    valido_fino_al valido_fino_a visibile_fino_al scadenza data_di_scadenza data_scadenza scade_il data_fine
    válido_até visível_até data_de_validade validade data_de_expiração expira_em vencimento data_de_término
    data_fim data_final geldig_tot geldig_tot_en_met zichtbaar_tot verloopdatum vervaldatum einddatum
    verloopt_op ważne_do ważny_do ważność_do widoczne_do obowiązuje_do data_ważności data_wygaśnięcia
    wygasa data_końcowa data_zakończenia giltig_till giltigt_till giltig_t_o_m utgångsdatum slutdatum utgår
    visas_till gyldig_til udløbsdato udløber slutdato utløpsdato utløper sluttdato voimassa_asti
    voimassa_saakka vanhenee vanhenemispäivä päättymispäivä voimassaolo_päättyy kehtib_kuni kehtiv_kuni
    aegumiskuupäev lõppkuupäev lõpukuupäev aegub derīgs_līdz derīga_līdz beigu_datums derīguma_termiņš
    galioja_iki galiojimo_pabaiga pabaigos_data galiojimo_data действует_до действителен_до
    действительно_до годен_до срок_действия дата_окончания дата_истечения истекает platné_do platí_do
    platnost_do datum_vypršení datum_konce konec_platnosti datum_ukončení vyprší
    有効期限 有効期間 失効日 終了日 公開終了 公開終了日 掲載終了日 掲載期限 有效期 有效期至 到期日 失效日期
    过期时间 过期日期 截止日期 结束日期 下线时间 下架时间 만료일 유효기간 종료일 게시종료일
    son_kullanma_tarihi geçerlilik_tarihi bitiş_tarihi érvényes_ig lejárat lejárat_dátuma data_expirării
    valabil_până_la діє_до термін_дії дата_закінчення срок_на_валидност валидно_до ημερομηνία_λήξης ισχύει_έως
    platnosť_do dátum_vypršania velja_do datum_poteka vrijedi_do datum_isteka tanggal_kedaluwarsa
    berlaku_sampai
    ngày_hết_hạn hết_hạn_vào วันหมดอายุ تاريخ_الانتهاء תאריך_תפוגה בתוקף_עד
    """
)
