"""Access vocabulary: the words of keys that say who may read an article, and of their values.

Vendors' keys are English. People who write keys themselves use their own language.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WITHHELD = _words(
    """
    draft drafts unpublished archive archived deleted trash trashed disabled inactive expired retired
    obsolete withdrawn discarded headless wip
    entwurf brouillon borrador bozza rascunho szkic utkast kladde luonnos mustand melnraksts juodraštis
    черновик koncept 下書き 草稿 초안 archiviert archivé archivado archiviato arquivado gearchiveerd
    zarchiwizowany arkiverad arkiveret arkivert arkistoitu arhiveeritud arhivēts archyvuotas архив
    """
)
RESTRICTED = _words(
    """
    internal private restricted confidential secret protected hidden unlisted secured password login
    signin only nonpublic sensitive premium paywall gated
    intern vertraulich interne confidentiel interno confidencial riservato vertrouwelijk wewnętrzny poufne
    konfidentiell fortrolig sisäinen luottamuksellinen sisemine iekšējs vidinis внутренний interní 社内
    内部 내부
    """
)
RELEASED = _words(
    """
    published publish active enabled live approved released online
    veröffentlicht publié publicado pubblicato gepubliceerd opublikowany publicerad publiceret publisert
    julkaistu avaldatud publicēts paskelbtas опубликовано publikováno
    """
)
OPEN = _words("public visible öffentlich pubblico público openbaar publiczny offentlig julkinen avalik")
STATE = _words(
    """
    status state stage workflow lifecycle statut estado stato tila olek statuss būsena статус stav 状態
    状态 상태
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
    """
)
SEEN = _words("visible available accessible shown shared allowed")
BY_WHOM = _words("to for by with users people domains emails")
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
    false no n off 0 0.0 null none nil - n/a nein non não nie nej nei ei nē ne нет いいえ 否 아니오 falsch
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
    """
)
PUBLISHED_STATES = _words(
    """
    published publish public live online current active approved released final enabled visible
    validated deprecated
    veröffentlicht publié publiée publicado publicada pubblicato gepubliceerd opublikowany publicerad
    publiceret publisert julkaistu avaldatud publicēts paskelbtas опубликовано опубликована publikováno
    公開 公開済み 已发布 已發布 게시됨
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
    """
)
