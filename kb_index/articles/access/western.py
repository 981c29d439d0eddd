"""Words on access in the languages of western and northern Europe, in the form of the English ones."""

GERMAN = """
draft: entwurf entwürfe unfertig in_arbeit in_bearbeitung arbeitsstand baustelle unveröffentlicht-
withheld: archiviert- archiv gelöscht- deaktiviert- inaktiv- abgelaufen- veraltet- zurückgezogen-
  papierkorb gesperrt-
withheld_state: ausstehend in_prüfung prüfung zur_freigabe geplant offen abgelehnt wartend
restricted: intern interne internes interner internen internem innerbetrieblich- vertraulich- privat private
  privates privater
  nichtöffentlich- betriebsintern- firmenintern- geheim
hidden: geheim- geschützt- verborgen- versteckt- ausgeblendet- unsichtbar-
staff: mitarbeiter- mitarbeitend- agenten agent personal team kundendienst support verwaltung
  angestellte- kollegen belegschaft partner händler techniker vertrieb fachabteilung abteilung
  mitglieder admin
sign_in: anmeldung login passwort kennwort angemeldet- registriert- registrierung
open: öffentlich- sichtbar- extern- kundensichtbar- gäste einsehbar-
everyone: alle allen jeder jeden jedermann kunden kunde endkunden besucher allgemein uneingeschränkt
released: veröffentlicht veröffentlichte veröffentlichen freigegeben- freigabe freigeschaltet- freischaltung
  genehmigt- aktiv aktive live online erteilt geprüft
state: status zustand veröffentlichungsstatus freigabestatus artikelstatus genehmigung bearbeitungsstand
audience: sichtbarkeit- zugriff- zielgruppe- berechtigung- rolle rollen gruppe gruppen klassifizierung-
  klassifikation einstufung vertraulichkeit- geheimhaltung- sicherheitsstufe schutzklasse leserecht-
  leserkreis benutzergruppe- nutzergruppe- zugang zugangs- empfängerkreis freigabestufe
readers: rolle rollen gruppe gruppen benutzergruppe- nutzergruppe- leserkreis empfängerkreis
seen: sichtbar zugänglich freigegeben lesbar einsehbar bestimmt
only: nur ausschließlich lediglich
required: erforderlich nötig notwendig pflicht benötigt
not: nicht kein keine keinen ohne
hide: ausblenden verbergen verstecken
show: anzeigen zeigen veröffentlichen
where: kundenportal kundenbereich portal webseite website kunden öffentlichkeit
neutral: für die der das den im am zum mit und ist wird artikel seite seiten dokument dokumente
  gebrauch beitrag beiträge
  gebrauchs nutzung verwendung zweck
true: an erforderlich
false: aus
"""

DUTCH = """
draft: concept ontwerp in_bewerking klad kladversie ongepubliceerd-
withheld: gearchiveerd- verwijderd- verlopen vervallen verouderd- gedeactiveerd- ingetrokken
withheld_state: in_behandeling ter_beoordeling gepland
restricted: interne vertrouwelijk- privé besloten afgeschermd- niet_openbaar
hidden: verborgen geheim- beveiligd-
staff: medewerkers medewerker personeel agenten beheerders collega's leden
sign_in: inloggen aanmelden wachtwoord ingelogd- geregistreerd-
open: openbaar openbare zichtbaar zichtbare publiek publieke gasten
everyone: iedereen klanten klant bezoekers allen
released: gepubliceerd- goedgekeurd- vrijgegeven actief actieve
state: status staat toestand
audience: zichtbaarheid toegang- doelgroep- vertrouwelijkheid- classificatie rechten leesrechten rollen
  groep groepen
readers: rollen groep groepen
seen: zichtbaar toegankelijk leesbaar
only: alleen uitsluitend enkel
required: vereist nodig verplicht
not: niet geen zonder
hide: verbergen
show: tonen weergeven publiceren
where: klantportaal klanten
neutral: voor de het van een in op gebruik artikel artikelen pagina paginas
false: uit
"""

FRENCH = """
draft: brouillon- ébauche en_cours_de_rédaction en_rédaction en_cours non_publié-
withheld: archivé- supprimé- expiré- désactivé- périmé- inactif inactive retiré- obsolète- dépublié-
withheld_state: en_attente en_révision en_relecture planifié- programmé- à_valider rejeté-
restricted: interne internes confidentiel- privé privée privés privées réservé- restreint-
hidden: masqué- caché- protégé- secret- invisible-
staff: employé- agents équipe équipes personnel salarié- collaborateurs membres administrateurs
  partenaires conseillers
sign_in: connexion authentification mot_de_passe connecté- inscrit- identification abonné-
open: public publics publique- visible visibles externe invités anonymes
everyone: tous toutes clients client visiteurs tout_le_monde
released: publié- approuvé- validé- actif active actifs en_ligne diffusé-
state: statut état situation
audience: visibilité- accès droits rôle rôles groupe groupes confidentialité- lecteurs destinataires
  public_cible sensibilité diffusion
readers: rôle rôles groupe groupes lecteurs destinataires
seen: visible accessible lisible
only: seulement uniquement exclusivement
required: requise requis obligatoire nécessaire
not: non pas sans ne aucun
hide: masquer cacher
show: afficher montrer publier
where: portail clients
neutral: pour les la le l aux au par de des du d à en et est sur usage page article articles
"""

SPANISH_PORTUGUESE_ITALIAN = """
draft: borrador- rascunho- bozza bozze em_elaboração en_elaboración no_publicado- não_publicado-
  non_pubblicato-
withheld: archivado- archivada- eliminado- eliminada- caducado- caducada- vencido obsoleto- desactivado-
  inactivo inactiva retirado arquivado- arquivada- excluído- expirado- desativado- inativo inativa
  archiviato- archiviata- eliminat- scadut- disattivat- inattiv- obsolet- cancellat- ritirat-
withheld_state: pendiente en_revisión programado pendente em_revisão in_attesa in_revisione in_corso
  rechazado
restricted: interno interna internos internas confidencial- privado privada privados privadas
  restringido- restringida- reservado- reservada- restrito- restrita- interni interne riservato
  riservata riservati privato privata confidenziale sigiloso- sigilosa-
hidden: oculto oculta ocultos ocultas escondido- escondida- secreto- secreta- protegido- protegida-
  nascosto nascosta nascosti segreto- segreta- protetto- protetta-
staff: empleado- agentes agente personal equipo trabajadores miembros funcionário- colaboradores equipe
  dipendent- agenti personale operatori squadra soci socios administradores
sign_in: inicio_de_sesión iniciar_sesión contraseña autenticación acceso_identificado registrados login
  senha autenticação iniciar_sessão autenticados accesso_richiesto autenticazione registrati password
open: público pública públicos públicas visible visibles externo externa invitados visível visíveis
  convidados pubblico pubblica pubblici visibile visibili esterno esterna ospiti
everyone: todos todas clientes cliente visitantes cualquiera qualquer tutti tutte clienti chiunque
  visitatori
released: publicado- publicada- aprobado- aprobada- activo activa vigente validado aprovado- aprovada-
  ativo ativa liberado pubblicato- pubblicata- approvato- approvata- attivo attiva rilasciato
state: estado situación estado_de_publicación situação stato condizione
audience: visibilidad- acceso- permiso- grupo grupos confidencialidad- audiencia destinatari-
  clasificación rol roles público_objetivo visibilidade- acesso- permissão permissões confidencialidade-
  audiência classificação perfil visibilità accesso accessi permesso permessi ruolo ruoli gruppo gruppi
  classificazione riservatezza lettori lectores leitores sigilo
readers: grupo grupos rol roles perfil ruolo ruoli gruppo gruppi lettori lectores leitores destinatari-
seen: visible accesible visível acessível visibile accessibile disponible disponível
only: solo sólo solamente únicamente só somente apenas soltanto esclusivamente exclusivo
required: requiere requerido obligatorio necesario necesita requer obrigatório necessário exige
  richiesto richiesta necessario obbligatorio richiede
not: no sin nunca não sem non senza
hide: ocultar esconder nascondere
show: mostrar publicar mostra mostrare exibir pubblicare
where: clientes clienti portal portale
neutral: para por los las el la de del y en a al os as o do da e per i gli le lo il di ai agli alle con
  página páginas artículo artículos artigo artigos pagina pagine articolo articoli
  uso público_general
"""

NORDIC = """
draft: utkast kladde under_arbete under_arbejde under_arbeid opublicerad- upubliceret upublisert
  ej_publicerad ikke_publiceret ikke_publisert
withheld: arkiverad- arkiveret arkivert raderad- borttagen slettet udløbet utløpt utgången inaktiv
  inaktivt föråldrad- forældet utdatert avpublicerad- skraldespand papperskorg
withheld_state: väntar venter afventer under_granskning planerad planlagt til_godkendelse
restricted: intern internt interna konfidentiell- konfidentielt fortrolig- konfidensiel- privat privata
  private sekretessbelagd- begränsad- begrænset begrenset
hidden: dold dolt dolda gömd- skjult skjulte skjul hemlig- hemmelig- skyddad- beskyttet
staff: anställd- medarbetare medarbejder- ansatte ansat personal personale agenter medlemmer medlemmar
  kolleger partnere administratörer
sign_in: inloggning inloggad- logga_in lösenord login indlogget log_ind adgangskode innlogging innlogget
  logg_inn passord kirjautuminen
open: offentlig- publik publika synlig synligt synlige synliga extern externt ekstern eksternt gäster
  gjester
everyone: alla alle kunder kund kunde enhver besökare besøgende
released: publicerad publicerat publicerade publiceret publisert offentliggjort godkänd- godkendt
  godkjent frigivet frigitt aktiv aktiveret
state: status tillstånd tilstand
audience: synlighet synlighed åtkomst- behörighet- adgang- tilgang- målgrupp- målgruppe- sekretess-
  fortrolighed klassificering klassifisering klassning konfidensialitet konfidentialitet roll roller
  grupp grupper rettigheder tilladelser
readers: roll roller grupp grupper
seen: synlig synligt tillgänglig tilgængelig tilgjengelig
only: endast bara kun bare enbart utelukkende
required: krävs kræves kreves krävd nødvendig obligatorisk
not: inte ej icke ikke utan uden uten
hide: dölj skjule dölja
show: visa vis vise publicera publicere publisere
where: kunder kundportal kundeportal
neutral: för för_den for til till og och av af bruk brug användning den det på i sida sidor artikel
  artiklar side sider artikler
"""

FINNIC = """
draft: luonnos- keskeneräi- mustand- julkaisematon julkaisematto- avaldamata pooleli
withheld: arkistoitu- poistettu- vanhentunut vanhentunee- poissa_käytöstä arhiveeri- kustutatud aegunud
  mitteaktiivne
withheld_state: odottaa tarkistettavana hyväksyttävänä ootel ülevaatusel
restricted: sisäinen sisäis- luottamuksellinen luottamuksellise- yksityinen rajoitettu-
  sisemi- sisekasutus- asutusesise- ettevõttesise- konfidentsiaal- privaatne piiratud
hidden: salainen salaise- piilotettu- suojattu- piilossa salajane salajase- peidetud kaitstud varjatud
staff: henkilökun- työntekij- agentit agenteille jäsenet ylläpitäj- tiimi töötaja- personal meeskond
  agendid
sign_in: kirjautumi- salasana kirjautuneille sisselogimi- parool sisse_logitud
open: julkinen julkise- näkyvä näkyville näkyvissä avalik- avaliku- nähtav- ulkoinen
everyone: kaikki kaikille asiakkaat asiakkaille kõik kõigile kliendid klientidele
released: julkaistu julkaistaan hyväksytty voimassa käytössä avaldatud kinnitatud aktiivinen aktiivne
state: tila tilanne olek staatus seisund
audience: näkyvyys- käyttöoikeu- kohderyhmä- luokitus luokittelu luottamuksellisuus lukuoikeu- pääsy
  rooli ryhmä nähtavus juurdepääs- sihtrühm salastatus ligipääs- roll rühm õigused
readers: rooli ryhmä roll rühm
seen: näkyy näkyvissä nähtav kättesaadav saatavilla
only: vain ainoastaan ainult üksnes
required: vaaditaan vaadittu pakollinen nõutav nõutud vajalik
not: ei ilman mitte
hide: piilota peida
show: näytä näita julkaista julkaise avaldada
where: asiakkaille asiakkaat asiakasportaali klientidele
neutral: ja on käyttöön kasutamiseks sivu sivut artikkeli artikkelit leht lehed artikkel artiklid
"""

BALTIC = """
draft: melnraksts melnrakst- juodraštis juodrašt- nepublicēt- nepaskelbt- rengiama
withheld: arhivēt- arhīvs dzēst- novecoj- beidzies neaktīv- archyvuot- ištrint- pasibaig- pasenę-
  neaktyv-
withheld_state: gaida izskatīšanā laukiama peržiūrima
restricted: ribojam- iekšēj- konfidenciāl- privāt- ierobežot- vidin- vidaus tarnybin- konfidencial-
  privat- ribot- nepubliski
hidden: slēpt- slepen- paslēpt- slaptas slapta slapt- aizsargāt- apsaugot-
staff: darbiniek- aģent- komanda darbuotoj- agent- komand- personalas personāls
sign_in: pieteikšan- parole prisijungi- slaptažod-
open: publisk- redzam- vieš- matom- atvērt-
everyone: visi visiem klienti klientiem visiems klientai klientams
released: publicēts publicēta publicēt apstiprināt- aktīvs paskelbtas paskelbta patvirtint- aktyvus
state: statuss stāvoklis būsena statusas
audience: redzamīb- piekļuv- auditorij- klasifikācij- konfidencialitāt- matomum- prieig- klasifikacij-
  konfidencialum- grupa teises tiesības
readers: grupa
seen: redzams matomas pieejams
only: tikai vien tik
required: nepieciešam- obligāt- būtinas būtina reikalingas reikia privalom-
not: nav bez =nē nėra
hide: slēpt slėpti
show: rādīt rodyti publicēt skelbti
where: klientiem klientams
neutral: un ir naudojimui lietošanai skirta lapa lapas raksts raksti puslapis puslapiai straipsnis
  straipsniai
"""
