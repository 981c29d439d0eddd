"""Headers of exports in the languages of the people who exported them, with their English names."""

from __future__ import annotations

from collections.abc import Mapping

# An English name, then its translations.
_COMMON = """
    Description: Beschreibung, Descripción, Descrizione, Descrição, Omschrijving, Beschrijving, Opis,
        Beskrivning,
        Beskrivelse, Kuvaus, Popis, Описание, 説明, 描述, 설명
    Priority: Priorität, Priorité, Prioridad, Priorità, Prioridade, Prioriteit, Priorytet, Prioritet,
        Prioriteetti,
        Tärkeysjärjestys, Priorita, Приоритет, 優先度, 優先順位, 优先级, 우선순위, 우선 순위
    Status: Statut, État, Etat, Estado, Stato, Situação, Stan, Tila, Stav, Статус, ステータス, 状态, 상태
    Category: Kategorie, Catégorie, Categoría, Categoria, Categorie, Kategoria, Kategori, Luokka,
        Категория, カテゴリ,
        类别, 분류
    Tags: Schlagwörter, Étiquettes, Etiquetas, Tag, Etykiety, Taggar, Tunnisteet, Теги, タグ, 标签, 태그
"""
_JIRA = """
    Summary: Zusammenfassung, Résumé, Resumen, Riepilogo, Resumo, Samenvatting, Podsumowanie,
        Sammanfattning, Resumé,
        Oversigt, Sammendrag, Yhteenveto, Souhrn, Резюме, 要約, 摘要, 概要, 요약
    Issue key: Vorgangsschlüssel, Vorgangskennung, Schlüssel, Clé de ticket, Clé de la demande, Clé,
        Clave de incidencia,
        Clave de la incidencia, Clave, Chiave segnalazione, Chiave ticket, Chiave, Chave da ocorrência,
        Chave do item,
        Chave, Issuesleutel, Issue-sleutel, Sleutel, Klucz zgłoszenia, Klucz, Ärendenyckel, Nyckel,
        Sagsnøgle, Nøgle,
        Saksnøkkel, Nøkkel, Tapausavain, Avain, Klíč požadavku, Klíč, Ключ задачи, Ключ запроса, Ключ,
        課題キー, キー,
        问题关键字, 问题密钥, 关键字, 密钥, 이슈 키, 키
    Issue Type: Vorgangstyp, Type de ticket, Type de demande, Tipo de Incidencia, Tipo di segnalazione,
        Tipo di ticket,
        Tipo de ocorrência, Tipo de item, Issuetype, Typ zgłoszenia, Ärendetyp, Sagstype, Sakstype,
        Tapaustyyppi,
        Typ požadavku, Тип задачи, Тип запроса, 課題タイプ, 问题类型, 이슈 유형
    Created: Erstellt, Création, Créé, Creada, Creado, Creato, Criado, Criada, Aangemaakt, Gemaakt,
        Utworzono,
        Skapad, Oprettet, Opprettet, Luotu, Vytvořeno, Создано, 作成日, 创建日期, 已创建, 생성일
    Updated: Aktualisiert, Mise à jour, Mis à jour, Actualizada, Actualizado, Aggiornato, Atualizado,
        Bijgewerkt,
        Zaktualizowano, Uppdaterad, Opdateret, Oppdatert, Päivitetty, Aktualizováno, Обновлено, 更新日,
        已更新, 업데이트됨
    Reporter: Autor, Berichterstatter, Rapporteur, Informador, Segnalatore, Relator, Melder, Zgłaszający,
        Rapportör,
        Rapportør, Raportoija, Reportér, Автор, 報告者, 报告人, 보고자
    Creator: Ersteller, Créateur, Creador, Creatore, Criador, Maker, Twórca, Skapare, Opretter, Luoja,
        Autor záznamu,
        Создатель, 作成者, 创建者, 만든 사람
    Assignee: Bearbeiter, Zugewiesene Person, Responsable, Personne assignée, Persona asignada,
        Assegnatario,
        Responsável, Toegewezen persoon, Osoba przypisana, Tilldelad, Tildelt, Käsittelijä, Řešitel,
        Исполнитель,
        担当者, 经办人, 담당자
    Labels: Stichwörter, Étiquettes, Etiquetas, Etichette, Labels, Etykiety, Etiketter, Tunnisteet,
        Štítky, Метки,
        ラベル, 标签, 레이블
    Components: Komponenten, Composants, Componentes, Componenti, Onderdelen, Komponenty, Komponenter,
        Komponentit,
        Компоненты, コンポーネント, 模块, 컴포넌트
"""
_SERVICENOW = """
    Number: Nummer, Numéro, Número, Numero, Numer, Numero tunniste, Číslo, Номер, 番号, 编号, 번호
    Short description: Kurzbeschreibung, Brève description, Description courte, Breve descripción,
        Descripción breve,
        Breve descrizione, Descrizione breve, Descrição resumida, Breve descrição, Korte omschrijving,
        Korte beschrijving, Krótki opis, Kort beskrivning, Kort beskrivelse, Lyhyt kuvaus, Stručný popis,
        Краткое описание, 簡単な説明, 简短描述, 간단한 설명
    Caller: Anrufer, Appelant, Solicitante, Persona que llama, Chiamante, Solicitante do chamado, Beller,
        Melder,
        Zgłaszający, Uppringare, Anropare, Opkalder, Innringer, Soittaja, Volající, Инициатор, 発信者,
        呼び出し元, 呼叫者,
        요청자
    Opened: Geöffnet, Ouvert, Ouverture, Abierto, Aperto, Aberto, Geopend, Otwarto, Öppnad, Åbnet, Åpnet,
        Avattu,
        Otevřeno, Открыто, オープン日時, 開始, 已打开, 打开时间, 열림
    Opened by: Geöffnet von, Ouvert par, Abierto por, Aperto da, Aberto por, Geopend door, Otwarte przez,
        Öppnad av,
        Åbnet af, Åpnet av, Avaaja, Otevřel, Открыл, オープン者, 打开者
    Subcategory: Unterkategorie, Sous-catégorie, Subcategoría, Sottocategoria, Subcategoria, Subcategorie,
        Podkategoria, Underkategori, Alaluokka, Podkategorie, Подкатегория, サブカテゴリ, 子类别
    Assignment group: Zuweisungsgruppe, Groupe d'affectation, Groupe d’affectation, Grupo de asignación,
        Gruppo di assegnazione, Grupo de atribuição, Toewijzingsgroep, Grupa przypisania, Tilldelningsgrupp,
        Tildelingsgruppe, Vastuuryhmä, Skupina přiřazení, Группа назначения, アサイン先グループ, 分配组,
        할당 그룹
    Assigned to: Zugewiesen an, Affecté à, Assigné à, Asignado a, Assegnato a, Atribuído a, Toegewezen aan,
        Przypisano do, Tilldelad, Tildelt til, Tildelt, Vastuuhenkilö, Přiřazeno, Назначено, アサイン先,
        分配给
"""
_DESK = """
    Ticket ID: Ticket-ID, ID du ticket, Identifiant du ticket, ID de ticket, ID del ticket, ID do ticket,
        ID do tíquete,
        ID zgłoszenia, Ärende-ID, Sags-ID, Tiketin tunnus, ID тикета, チケットID, 工单ID, 工单 ID, 티켓 ID
    Subject: Betreff, Objet, Sujet, Asunto, Oggetto, Assunto, Onderwerp, Temat, Ämne, Emne, Aihe, Předmět,
        Тема, 件名,
        主题, 제목
    Created Time: Erstellungszeit, Erstellungszeitpunkt, Heure de création, Date de création,
        Hora de creación,
        Fecha de creación, Ora di creazione, Data creazione, Hora de criação, Aanmaaktijd, Tijd van aanmaak,
        Czas utworzenia, Skapad tid, Oprettelsestidspunkt, Opprettelsestid, Luontiaika, Čas vytvoření,
        Время создания,
        作成日時, 创建时间, 생성 시간
    Ticket Owner: Ticketinhaber, Ticketbesitzer, Propriétaire du ticket, Propietario del ticket,
        Proprietario del ticket,
        Proprietário do ticket, Ticketeigenaar, Właściciel zgłoszenia, Ärendeägare, Tiketin omistaja,
        Владелец тикета,
        チケット所有者, 工单所有者
    Department: Abteilung, Service, Département, Departamento, Reparto, Afdeling, Dział, Avdelning,
        Osasto, Oddělení,
        Отдел, 部門, 部门, 부서
    Channel: Kanal, Canal, Canale, Kanaal, Kanał, Kanava, Kanál, Канал, チャネル, 渠道, 채널
    Source: Quelle, Origine, Fuente, Origen, Fonte, Origem, Bron, Źródło, Källa, Kilde, Lähde, Zdroj,
        Источник, ソース, 来源,
        소스
    Group: Gruppe, Groupe, Grupo, Gruppo, Groep, Grupa, Grupp, Ryhmä, Skupina, Группа, グループ, 组, 그룹
    Type: Typ, Tipo, Tyyppi, Тип, タイプ, 类型, 유형
"""
_ZENDESK = """
    Id: ID
    Requester: Anfragender, Anfragesteller, Demandeur, Solicitante, Richiedente, Aanvrager, Zgłaszający,
        Beställare,
        Anmoder, Pyytäjä, Žadatel, Инициатор запроса, リクエスタ, 请求者, 요청자
    Submitter: Einsender, Einreicher, Émetteur, Remitente, Mittente, Remetente, Indiener, Przesyłający,
        Inskickare,
        Indsender, Lähettäjä, Odesílatel, Отправитель, 送信者, 提交者, 제출자
    Subject: Betreff, Objet, Sujet, Asunto, Oggetto, Assunto, Onderwerp, Temat, Ämne, Emne, Aihe, Předmět,
        Тема, 件名,
        主题, 제목
    Via: Über, Par, Vía, Tramite, Por meio de, Via kanal, Przez, Kautta, Přes, Через, 経由, 经由, 경유
    Group: Gruppe, Groupe, Grupo, Gruppo, Groep, Grupa, Grupp, Ryhmä, Skupina, Группа, グループ, 组, 그룹
    Created at: Erstellt am, Créé le, Creado el, Creato il, Criado em, Aangemaakt op, Utworzono,
        Skapad den, Oprettet den,
        Luotu, Vytvořeno, Создано, 作成日時, 创建时间, 생성일
    Ticket type: Tickettyp, Type de ticket, Tipo de ticket, Tipo di ticket, Tickettype, Typ zgłoszenia,
        Ärendetyp,
        Tiketin tyyppi, Тип тикета, チケットタイプ, 工单类型
"""


def _table(*texts: str) -> Mapping[str, str]:
    """Return the English names by their translations, in small letters; the last text goes first."""
    found: dict[str, str] = {}
    for text in texts:
        english = ""
        for line in text.splitlines():
            name, colon, rest = line.partition(": ")
            english = name.strip() if colon else english
            translated = (part.strip().casefold() for part in (rest if colon else line).split(","))
            found.update(dict.fromkeys(filter(None, translated), english))
    return found


COMMON = _table(_COMMON)
JIRA = _table(_COMMON, _JIRA)
SERVICENOW = _table(_COMMON, _SERVICENOW)
DESK = _table(_COMMON, _DESK)
ZENDESK = _table(_COMMON, _ZENDESK)
