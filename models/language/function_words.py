"""Function words: short everyday words that tell the language of a one-line message.

About sixty a language: articles, pronouns, prepositions, question words, greetings and thanks. A word
is listed under every language of the table that uses it, so that a shared word favours none of them.
Chinese needs none: its script tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_TABLE = {
    "da": """af alle at bare blive da de den denne der det dette dig du efter eller en er et for fra får god
        ha han har hej hun hvad hvem hvilken hvilke hvor hvordan hvorfor i igen ikke ingen jeg kan kommer med
        men mig min mine mit må noget nogen nogle nu når og om op os på sig skal som så tak til ud uden ved vi
        vil virker være""",
    "de": """aber alle als am an auf aus bei bin bitte danke das dass dem den der des die diese du ein eine
        einen er es funktioniert für geht guten habe haben hallo hilfe ich ihr im in ist ja kann kein keine
        können man mein meine meinen mich mir mit nach nicht noch nur oder sehr sich sie sind tag um und uns
        vom von vor wann warum was wenn wie wir wird wo zu zum zur über""",
    "en": """a about all an and any are at be but by can could do does don't for from get had has have hello
        help hi how i i'm in is it it's me my need no not of on or our please thank thanks that the them there
        they this to up was we what when where which who why will with would you your""",
    "es": """a al buenos como con cuando cuál cómo de del días donde dónde el ella en es esta estoy está este
        gracias ha hay hola la las lo los me mi mis muy más no nos o para pero por porque puedo que quiero qué
        se ser si sin su sus tengo tiene un una y ya yo""",
    "et": """aga aitäh ei et ja jah kas ka kes kui kuidas kus ma me meie mida millal miks minu mis mu mul nii
        oli olen ole on palun see seda selle siis ta tere tänan või""",
    "fi": """ei eikä en ettei että hei ja jos joka kaikki kanssa kiitos kuin kuinka kun me mikä miksi minulla
        minun minut missä miten mitä moi mutta myös ne niin nyt olen ole oli on onko ovat saa se sen sinun tai
        terve tämä tämän tässä vai vain vielä voi voiko voinko voitteko""",
    "fr": """au aux avec bonjour c'est ce ces cette comment d'un dans de des du elle en est et il ils j'ai je
        jour l' la le les leur ma mais me merci mes mon ne nous on ou où pas plus pour pourquoi quand que quel
        quelle qui sa se ses son sont sur un une vos votre vous à""",
    "it": """a al alla anche che chi ci ciao come con cosa da dal del della di dove e gli grazie ha ho i il in
        io la le lo ma mi mia mio nel nella no non o per perché più quando questa questo se si sono su un una
        è""",
    "lt": """aš ar arba ačiū bet būti dėl iki ir iš jau jei kad kai kaip kas kodėl kur labas man mano mes mūsų
        ne nuo nėra o per prašau prie su tai tik turi už yra""",
    "lv": """ar arī bet cik es gan ir ja jau jūs kad kas ko kur kā kāds kāpēc labdien lai lūdzu man mana mani
        mans manu mums mēs nav ne nevar no pa paldies par pie sveiki tas to tā un uz vai var varu""",
    "nb": """alle at av bare be bli da deg den denne der det dette du eller en er et etter for fra får god ha
        han har hei hjelp hun hva hvem hvilken hvilke hvor hvordan hvorfor i igjen ikke ingen jeg kan kommer
        med meg men min mine mitt må noe noen nå når og om opp oss på seg skal som så takk til ut uten ved vi
        vil virker være å""",
    "nl": """aan als bij dat de deze die dit een en er geen goed hallo heb heeft het hij hoe ik in is kan maar
        me met mijn naar niet nog of om ook op te uit van voor waar waarom wanneer wat we wel wie wij zijn
        zo""",
    "pl": """a ale bardzo być co czy dla do dobry dzień dziękuję gdzie i ich ja jak jest jestem już kiedy mam
        mi mnie moje mój na nie o od po proszę się są ten to tak w we z za że""",
    "pt": """a ao as com como da das de do dos e ela ele em esta está eu foi isso já mas me meu minha muito na
        no não o obrigado olá os ou para pela pelo por porque qual quando que se sem são também tem um uma
        você à é""",
    "sv": """alla att av bara bli de den denna det detta dig du efter eller en ett er fungerar för från får
        god ha han har hej hjälp hon hos hur här i igen in inga ingen inget inte jag kan kommer med men mig
        min mina mitt måste någon något några nu när och om oss på sig ska som så tack till upp ut utan vad
        var varför vem vi vid vilken vill är""",
    "zh": "",
}

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def _by_word() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code, words in _TABLE.items():
        for word in words.split():
            found.setdefault(word, []).append(code)
    return MappingProxyType({word: tuple(codes) for word, codes in found.items()})


LANGUAGES = frozenset(_TABLE)
_LANGUAGES_BY_WORD = _by_word()


def function_word_scores(text: str) -> dict[str, float]:
    """Count each language's everyday words in `text`, divided by the square root of all its words.

    >>> function_word_scores("Tack! Och nu?")
    {'sv': 1.7320508075688774, 'da': 0.5773502691896258}
    """
    words = _WORD.findall(text.lower().replace("’", "'"))
    counts: dict[str, float] = {}
    for word in words:
        for code in _LANGUAGES_BY_WORD.get(word, ()):
            counts[code] = counts.get(code, 0.0) + 1.0
    return {code: count / len(words) ** 0.5 for code, count in counts.items()}


def is_function_word(word: str) -> bool:
    """Tell whether a word is an everyday one of any language of the table.

    >>> is_function_word("Nicht"), is_function_word("lamp")
    (True, False)
    """
    return word.lower().replace("’", "'") in _LANGUAGES_BY_WORD
