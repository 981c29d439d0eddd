"""Access vocabulary: the words of keys that say who may read an article, and of their values.

Vendors' keys are English. People who write keys themselves use their own language.
"""

from __future__ import annotations

import re
import unicodedata

_UNMARKED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "Ł": "L", "Ø": "O", "Đ": "D"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def without_accents(text: str) -> str:
    """Return a text without the accents of its letters; the marks of Japanese kana stay.

    >>> without_accents("Gültig"), without_accents("ważność"), without_accents("グループ")
    ('Gultig', 'waznosc', 'グループ')
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", plain).translate(_UNMARKED)


def _words(text: str) -> frozenset[str]:
    """Return words in lower case without accents, and those that spell out an umlaut."""
    spelled_out = text.translate(_SPELLED_OUT)
    return frozenset(without_accents(f"{text} {spelled_out}").casefold().split())


def _phrases(text: str) -> frozenset[str]:
    """Return whole keys without what joins their words."""
    return frozenset(re.sub(r"[\W_]+", "", phrase) for phrase in _words(text))


WITHHELD = _words(
    """
    draft drafts unpublished archive archived deleted trash trashed disabled inactive expired retired
    obsolete withdrawn discarded headless wip
    entwurf brouillon borrador bozza rascunho szkic utkast kladde luonnos mustand melnraksts juodraštis
    черновик koncept 下書き 草稿 초안 archiviert archivé archivado archiviato arquivado gearchiveerd
    zarchiwizowany arkiverad arkiveret arkivert arkistoitu arhiveeritud arhivēts archyvuotas архив
    concept ontwerp gelöscht deaktiviert abgelaufen veraltet zurückgezogen unveröffentlicht supprimé
    expiré désactivé périmé eliminado caducado obsoleto desactivado eliminato scaduto disattivato
    excluído expirado desativado verwijderd verlopen usunięty wygasły nieaktywny roboczy robocza
    raderad borttagen utgången slettet udløbet utløpt poistettu vanhentunut kustutatud aegunud
    dzēsts ištrintas удалено удалён устарело smazáno archivováno 削除済み アーカイブ 已删除 已归档
    归档 삭제됨 임시저장
    """
)
RESTRICTED = _words(
    """
    internal private restricted confidential secret protected hidden unlisted secured password login
    signin only nonpublic sensitive premium paywall gated
    intern vertraulich interne confidentiel interno confidencial riservato vertrouwelijk wewnętrzny poufne
    konfidentiell fortrolig sisäinen luottamuksellinen sisemine iekšējs vidinis внутренний interní 社内
    内部 내부
    geheim geschützt gesperrt nichtöffentlich privat privé réservé restreint protégé secreto
    restringido privado reservado segreto privato restrito prywatny tajny hemlig hemmelig salainen
    yksityinen salajane konfidenciāls slepens konfidencialus slaptas конфиденциально секретно
    закрытый служебный důvěrné tajné soukromé 非公開 機密 社外秘 保密 机密 非公开 비공개 기밀
    """
)
RELEASED = _words(
    """
    published publish active enabled live approved released online
    veröffentlicht publié publicado pubblicato gepubliceerd opublikowany publicerad publiceret publisert
    julkaistu avaldatud publicēts paskelbtas опубликовано publikováno
    freigegeben freigabe freigeschaltet genehmigt aktiv veröffentlichen publiée approuvé approuvée
    validé validée actif aprobado activo publicada approvato attivo pubblicata aprovado ativo
    goedgekeurd vrijgegeven actief zatwierdzony zatwierdzone aktywny opublikowane godkänd godkendt
    godkjent frigivet frigitt hyväksytty kinnitatud apstiprināts patvirtintas утверждено одобрено
    опубликован schváleno zveřejněno 承認済み 已发布 发布 批准 게시 승인
    """
)
OPEN = _words(
    """
    public visible öffentlich pubblico público openbaar publiczny offentlig julkinen avalik
    sichtbar visibile visível zichtbaar widoczny widoczne publiczne synlig näkyvä nähtav redzams
    matomas publisks viešas viešai публичный публично видимый viditelné veřejné veřejný 公開 公开 可见 공개
    """
)
STATE = _words(
    """
    status state stage workflow lifecycle statut estado stato tila olek statuss būsena статус stav 状態
    状态 상태
    état situação stan tilstand zustand approval genehmigung prüfung ステータス 审核 审批 公開状態
    承認状態 审核状态 发布状态
    승인상태 게시상태
    """
)
AUDIENCE = _words(
    """
    visibility access audience audiences permission permissions role roles group groups segment segments
    acl viewer viewers reader readers restriction restrictions restrict clearance classification
    sensitivity confidentiality security entitlement entitlements privacy authorized criteria
    sichtbarkeit zugriff zielgruppe berechtigung berechtigungen rolle rollen gruppe gruppen visibilité
    accès rôle groupe droits visibilidad acceso permiso permisos grupo visibilità accesso ruolo gruppo
    visibilidade acesso permissão zichtbaarheid toegang doelgroep widoczność dostęp uprawnienia rola
    synlighet åtkomst behörighet synlighed adgang tilgang näkyvyys käyttöoikeus kohderyhmä nähtavus
    juurdepääs redzamība piekļuve matomumas prieiga видимость доступ роль группа viditelnost přístup
    oprávnění 公開範囲 閲覧権限 権限 可见性 权限 공개범위 권한
    klassifizierung klassifikation einstufung vertraulichkeit vertraulichkeitsstufe geheimhaltung
    geheimhaltungsstufe sicherheitsstufe schutzklasse zugriffsstufe zugriffsebene zugriffsrecht
    zugriffsrechte leserechte leserkreis benutzergruppe nutzergruppe confidentialité lecteurs
    destinataires clasificación confidencialidad audiencia destinatarios classificazione
    riservatezza destinatari classificação confidencialidade audiência destinatários classificatie
    vertrouwelijkheid klasyfikacja poufność odbiorcy klassificering klassning sekretess målgrupp
    fortrolighed målgruppe klassifisering konfidensialitet luokitus luokittelu luottamuksellisuus
    salastatus sihtrühm klasifikācija konfidencialitāte auditorija klasifikacija konfidencialumas
    классификация конфиденциальность аудитория гриф klasifikace důvěrnost 機密区分 機密性 対象者
    公開対象 密级 保密级别
    受众 可见范围 기밀등급 열람권한 공개대상
    """
)
SEEN = _words(
    """
    visible available accessible shown shared allowed
    sichtbar zugänglich freigegeben visibile visível accesible accessibile acessível zichtbaar
    toegankelijk widoczne widoczny dostępne synlig tilgængelig tilgjengelig tillgänglig näkyvissä
    näkyy nähtav redzams matomas видно доступно viditelné přístupné
    """
)
BY_WHOM = _words(
    """
    to for by with users people domains emails
    für pour para per voor dla för для pro
    """
)
TRANSLATION = _words("translation translations")
DATE = _words("date at on time datetime from until till to through after before since dt")
STARTS = _words(
    """
    publish published publication release released embargo live available valid visible effective pub
    """
)
ENDS = _words(
    """
    expiry expires expire expired expiration unpublish unpublished archive archived delete deleted
    retire retired trash trashed valid available visible hide hidden offline sunset remove removed withdrawn
    """
)
ENDS_ALONE = _words("expiry expires expire expiration sunset")
END_MARKS = _words("until till to through before")
# Keys with one of these words are about something else: who may write, comment or translate, or how it looks.
OTHER = _words(
    """
    comment comments commenting ping author authors owner owners ownership creator editor editors edit
    edited editing manage management manager write update vote votes feedback seo subscription sidebar
    attachment attachments image icon css class count sync created modified feature promoted
    verification
    """
)
# In Zendesk the permission group may edit the article; who may read it is its user segment. In Help Scout
# has_draft tells of a newer text that is not published yet.
OTHER_KEYS = _words("permission_group permission_group_id public_url public_id has_draft product_group")

TRUE = _words(
    "true yes y on 1 1.0 x ja oui sí si sim sì tak kyllä jah jā taip да ano はい 是 예 wahr vrai vero"
)
FALSE = _words(
    """
    false no n off 0 0.0 null none nil - n/a nein nee non não nie nej nei ei nē ne нет いいえ 否
    아니오 falsch
    faux falso
    """
) | {""}
PUBLIC_AUDIENCES = _words(
    """
    public everyone everybody anyone anybody all all_users allusers any world open external customer
    customers client clients end_user end_users enduser endusers visitor visitors guest guests anonymous
    none no_restriction no_restrictions unrestricted internet published
    öffentlich alle kunden tous clients todos clientes público tutti clienti pubblico openbaar iedereen
    klanten publiczny wszyscy klienci offentlig alla kunder julkinen kaikki asiakkaat avalik kõik publisks
    visi viešas все публичный клиенты veřejný všichni 公開 全員 公开 所有人 공개 모두
    """
)
INTERNAL_AUDIENCES = _words(
    """
    internal private agent agents staff employee employees team teams admin admins administrator
    administrators manager managers support company organization registered registered_users
    registeredusers signed_in signed_in_users signedin logged_in logged_in_users loggedin authenticated
    member members restricted confidential secret hidden unlisted limited selected_companies companies
    partner partners agents_only staff_only internal_only agents_and_managers agents_and_admins
    light_agents
    intern intern_only mitarbeiter vertraulich privat interne privé employés interno privado empleados
    dipendenti funcionários medewerkers wewnętrzny prywatny pracownicy anställda medarbejdere ansatte
    sisäinen henkilökunta sisemine iekšējs vidinis внутренний закрытый сотрудники interní zaměstnanci
    社内 非公開 内部 内部员工 내부 비공개
    agenten agentes agenti agenter agentów agenci агенты агентам エージェント 担当者 客服 상담원 nur_intern
    nur_mitarbeiter streng_vertraulich geheim kundendienst confidentiel confidencial riservato
    vertrouwelijk poufne konfidentiell fortrolig konfidensiell luottamuksellinen konfidentsiaalne
    konfidenciāls konfidencialu конфиденциально důvěrné 機密 社外秘 机密 保密 기밀
    """
)
PUBLISHED_STATES = _words(
    """
    published publish public live online current active approved released final enabled visible
    validated deprecated
    veröffentlicht publié publiée publicado publicada pubblicato gepubliceerd opublikowany publicerad
    publiceret publisert julkaistu avaldatud publicēts paskelbtas опубликовано опубликована publikováno
    公開 公開済み 已发布 已發布 게시됨
    freigegeben erteilt genehmigt aktiv approuvé approuvée validé aprobado vigente approvato
    aprovado goedgekeurd zatwierdzony godkänd godkendt godkjent hyväksytty утверждено schváleno 承認済み
    已批准 已审核 승인됨
    """
)
WITHHELD_STATES = _words(
    """
    draft drafts auto_draft autodraft in_progress wip review in_review under_review pending
    pending_review awaiting_review awaiting_approval pending_approval submitted scheduled future
    archived archive deleted trash trashed retired pending_retirement expired unpublished not_published
    notpublished obsolete historical inactive disabled rejected discarded offline outdated withdrawn
    inherit
    entwurf brouillon borrador bozza rascunho concept szkic utkast kladde luonnos mustand melnraksts
    juodraštis черновик koncept 下書き 草稿 초안 archiviert archivé archivado archiviato arquivado
    gearchiveerd zarchiwizowany arkiverad arkiveret arkivert arkistoitu arhiveeritud arhivēts
    archyvuotas
    not_approved unapproved unreviewed needs_review to_review changes_requested in_approval
    awaiting_release ausstehend in_prüfung in_bearbeitung zur_freigabe nicht_freigegeben
    nicht_veröffentlicht geplant abgelaufen gelöscht en_attente en_révision non_publié pendiente
    en_revisión in_attesa in_revisione pendente em_revisão ontwerp in_behandeling oczekuje
    wersja_robocza väntar venter afventer odottaa ootel на_проверке ожидает čeká 承認待ち
    レビュー中 待审核 审核中
    승인대기 검토중
    """
)
# Words that say together that a page is shown, and where customers would see it.
SHOW = _words(
    "show display publish list include offer anzeigen zeigen afficher mostrar mostra tonen visa vis näytä"
)
SHOWN_WHERE = _words(
    """
    portal helpcenter helpdesk website web site storefront internet public external customer customers
    portail kundenportal kundenbereich klantportaal asiakasportaali
    """
)
STATE_PHRASES = _phrases("review")
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
    """
)
