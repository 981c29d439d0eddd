"""English words on access, as help centres, wikis and page generators name it.

Each line has a meaning (`kb_index.articles.access.words.Meaning`) and its words. A word that ends with `-` is
the beginning of words; `_` joins the words of a phrase.
"""

ENGLISH = """
draft: prerelease pre_release unreleased draft drafts autodraft auto_draft unpublished nonpublished wip
  work_in_progress in_progress unfinished incomplete rough_draft do_not_publish under_construction stub
withheld: retracted revoked void outdated archive archived archives deleted trash trashed disabled
  inactive expired retired obsolete withdrawn discarded headless removed recycled recycle_bin
  decommissioned cancelled canceled superseded embargoed soft_deleted taken_down suspended pending
  unapproved unreviewed needs_review in_review under_review pending_review awaiting_review
  awaiting_approval pending_approval invalid stale rejected
withheld_state: review submitted scheduled future retire- historical offline inherit not_approved
  to_review changes_requested in_approval awaiting_release pending_retirement on_hold editing in_editing
  staging proposed planned trash closed d
restricted: need_to_know internal internally private confidential restricted nonpublic classified secret
  no_one nobody in_house inhouse proprietary just_me only_me
hidden: hidden unlisted protected secured sensitive premium paywall paywalled paid gated blocked
  suppressed concealed quarantined withheld vip nda invisible locked_down limited exclusive noindex
staff: agent agents staff staffs employee employees team teams teammate teammates admin admins
  administrator administrators manager managers support company organization organisation org member
  members colleague colleagues personnel workforce workspace department partner partners reseller
  resellers intranet backoffice back_office selected_companies companies collaborator collaborators
  light_agents subscriber subscribers
  owner myself insiders
sign_in: authn authz loginwall authwall password passcode login logins logon signin sign_in signed_in
  signedin log_in logged_in loggedin sso saml auth authenticate authenticated authentication
  authorization oauth registered_users registeredusers verified_users
gate: 2fa mfa two_factor captcha registered registration membership subscription licence license session
  invite invitation verified account
open: anon internet_facing public_facing public publicly external externally visible anonymous
  anonymously guest guests everyone everybody anyone anybody listed discoverable searchable unrestricted
  accessible world customer_facing customer customers unauthenticated open_access
everyone: all any open client clients end_user end_users enduser endusers visitor visitors internet none
  no_restriction no_restrictions unclassified anyone_with_the_link allusers all_users clear white
  website the_public
released: published publish active enabled live approved released online go_live signed_off ready
  reviewed approve publicized
released_state: final current validated deprecated release done complete completed ok accepted
  production posted
state: status state stage workflow lifecycle approval phase statuscode
audience: limit_to limited_to visibility access accessibility audience audiences permission permissions role
  roles group groups segment segments acl acls viewer viewers reader readers restriction restrictions restrict
  restricts clearance classification sensitivity confidentiality secrecy security entitlement
  entitlements privacy authorized authorised criteria sharing shared share exposure disclosure
  distribution circulation blacklist denylist blocklist tlp plan plans tier tiers rights infoclass
  allowlist whitelist
readers: role roles group groups segment segments acl acls viewer viewers reader readers restriction
  restrictions criteria plan plans tier tiers blacklist denylist blocklist allowlist whitelist limit_to
  limited_to
seen: open_to open_for display_to show_to publish_for viewable readable accessible visible available
  shown shared allowed seen displayed intended
only: only exclusively solely
required: required requires require needed needs need must mandatory behind
not: to_be not no non never without isnt dont donot cannot deny denied denies denying forbid forbidden
  block blacklist denylist blocklist prevent disallow disable disables disallowed
hide: hide hides exclude excludes excluded omit suppress conceal
show: show shows display displays publish list include offer share
where: portal web widget helpcenter help_center helpdesk website web site storefront internet public external
  customer customers client clients guest guests pkb search everyone visitors
neutral: to for the a an of by in on with is are be can user users people access read view viewing level
  everybody who yes audience visibility visible article articles page pages doc docs documents
  documentation document content kb knowledge base use usage purposes material topic topics note notes
  info information and or only version
true: read view on allowed required enabled always
false: off null none nil - – — n/a never disabled denied optional not_required
"""
