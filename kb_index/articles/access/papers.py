"""Papers: what a folder, type or notice calls the texts that it says to be internal, and words around that.

"Procédure", "runbook" and "Anleitung" restrict nothing. Beside a word that does, as in "Procédures internes",
they say that the texts themselves are not for all; "internal storage" is a subject.
"""

PAPERS = """
papers: procedur- proced- process processes guide guides guideline- manual- manuel- handbook- playbook-
  runbook- documentation- dokument- document- docs doku howto howtos how_to how_tos instruction- instruk-
  faq faqs wiki wikis knowledge_base policy policies sop sops template- reference- standard- checklist-
  workflow- troubleshoot- resource- file files content contents training memo memos notice notices text-
  post posts entry entries tutorial- help stuff rule rules report- section folder collection space
  this that these those
  verfahren- prozess- anleitung- handbuch- handbüch- leitfaden leitfäden richtlinie- anweisung-
  arbeitsanweis-
  dienstanweis- betriebsanweis- vorgabe- ablauf abläufe wissen wissensdatenbank vorlage- unterlage- hinweis-
  notiz- schulung- hilfe regel regeln protokoll- datei dateien inhalt inhalte bereich ordner gedacht
  dieses dieser diese
  mode_d'emploi modes_d'emploi consigne- fiche- aide guides note_de_service notes_de_service règle règles
  ressource- modèle- fichier- contenu- dossier- connaissances rubrique formation destiné- ce cet cette ces
  procedimient- guía- manuales instruccion- documento- documentación política- norma- plantilla- archivos
  conocimiento- ayuda recurso- contenido- carpeta- formación ficha- este esta estos destinad-
  guia- manuai- instruç- instruco- documentação politica- modelo- conhecimento- ajuda conteúdo- pasta-
  orientaç-
  regra- base_de_conhecimento base_de_conocimientos base_de_connaissances
  istruzion- documentazione guida guide linee_guida modell- conoscenz- cartella contenut- risors- regol-
  circolar- scheda schede questo questa questi
  werkinstruct- handleiding- handboek- richtlijn- documenten documentatie werkwijze- kennisbank sjabloon
  sjablonen hulp regels bestand bestanden inhoud deze dit bedoeld
  instrukcj- podręcznik- przewodnik- poradnik- regulamin- zasad- dokumentacj- baza_wiedzy szablon- pomoc
  materiał- procedure- plik pliki treś- ten ta to te niniejsz-
  návod- příruč- prírucka- príruč- postup- pokyn- směrnic- smernic- předpis- predpis- dokumentac-
  dokumentáci- šablon- nápověd- znalost- manuál- pravidl- proces- informac- informáci- materiál- tento toto
  tyto tieto určen-
  инструкц- руководств- документ- процедур- регламент- правил- справк- материал- методич- памятк- порядок
  процесс- шаблон- база_знаний стать- этот эта это эти інструкц- посібник- матеріал- довідк- цей ця це
  наръчни- ръководств- указани- този тази uputstv- uput- priručnik- dokumentacij- postupk- pravilnik-
  navodil- postopk- ovaj ovo ova
  rutin- handbok- håndbog- håndbok- håndbøk- vejledning- veiledning- vägledning- anvisning- guider- manualer
  handböck- håndbøger retningslinj- retningslinje- riktlinj- mal maler skabelon- mall mallar kunskap- viden
  kunnskap- hjälp hjælp hjelp bruksanvisning- lathund- process- processer prosess- prosedyre- denna detta
  denne dette dessa disse avsedd- beregnet ment
  ohje ohjeet ohjeita ohjeiden ohjeisto ohjekir- ohjeist- käsikirj- menettely- prosess- dokumentaatio-
  asiakirj- opas oppaat oppaita tietopankki mallipohj- sääntö säännöt materiaali- tiedo- tiedote-
  toimintaohje-
  tämä nämä tarkoitet-
  juhend- käsiraama- protseduur- kord korrad dokumentatsioon- eeskir- teadmis- abi materjal- reegl- see need
  mõeldud
  instrukcij- rokasgrāmat- procedūr- dokumentāc- vadlīn- norādījum- kārtīb- noteikum- zināšan- veidn-
  materiāl- šis šī šie paredzēt-
  vadov- instrukcij- dokumentacij- tvark- taisykl- gair- žin- šablon- procedūr- medžiag- ši šie skirt-
  eljárás- útmutató- kézikönyv- utasítás- szabályzat- dokumentáci- leírás- tudásbázis sablon- ez ezek
  proceduri procedură ghid- instrucțiun- documentați- regulament- acest aceasta acest
  διαδικασ- οδηγ- εγχειρίδι- έγγραφ- τεκμηρίωσ- αυτό
  prosedür- yönerge- kılavuz- belge- talimat- doküman- bu
  手順 手順書 マニュアル 資料 文書 ドキュメント 規程 規定 ガイド 情報 メモ ナレッジ 運用 業務 使用 利用 限
  限定 この 本 です ます 书 手册 手冊 文档 文檔 流程 指南 规范 規範 资料 资訊 操作 知识库
  知識庫 教程 说明 說明
  规程 制度 培训 此 本文 本文档
  절차 절차서 매뉴얼 안내서 자료 가이드 지침 지침서 규정 업무 이 본 참고용
  quy_trình hướng_dẫn tài_liệu prosedur- panduan- dokumen- pedoman
  إجراءات وثائق دليل تعليمات נהלים נוהל מדריך מדריכים מסמכים
"""
# Words that stand before such a word in one: "Interndokumentation", "Sisedokumendid", "sisäohjeet".
INTERNAL_BEGINNINGS = ("intern", "interne", "sise", "sisä", "inhouse")
