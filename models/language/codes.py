"""Language codes: each way of writing a code becomes one code; "und" is the unknown language."""

from __future__ import annotations

import re

from models.word_lists import word_set

UNKNOWN = "und"
"""The code of an undetermined language in ISO 639-2."""

_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_ALIASES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "cmn": "zh"}
# ISO 639-2 for the languages that ISO 639-1 has too; of some there are two codes.
_THREE_LETTERS = (
    "afr=af amh=am ara=ar aze=az bel=be ben=bn bos=bs bul=bg cat=ca ces=cs cze=cs cym=cy wel=cy dan=da "
    "deu=de ger=de ell=el gre=el eng=en epo=eo est=et eus=eu baq=eu fas=fa per=fa fin=fi fra=fr fre=fr "
    "gle=ga glg=gl guj=gu heb=he hin=hi hrv=hr hun=hu hye=hy arm=hy ind=id isl=is ice=is ita=it jpn=ja "
    "kan=kn kat=ka geo=ka kaz=kk khm=km kor=ko kur=ku kir=ky lao=lo lat=la lav=lv lit=lt ltz=lb mal=ml "
    "mar=mr mkd=mk mac=mk mlt=mt mon=mn msa=ms may=ms mya=my bur=my nep=ne nld=nl dut=nl nno=nn nob=nb "
    "nor=no pan=pa pol=pl por=pt pus=ps ron=ro rum=ro rus=ru sin=si slk=sk slo=sk slv=sl som=so spa=es "
    "sqi=sq alb=sq srp=sr swa=sw swe=sv tam=ta tel=te tgl=tl tha=th tur=tr uig=ug ukr=uk urd=ur uzb=uz "
    "vie=vi xho=xh yid=yi zho=zh chi=zh zul=zu "
)
_ALIASES |= {
    three: _ALIASES.get(two, two) for three, two in (pair.split("=") for pair in _THREE_LETTERS.split())
}
# ISO 639-1: those above, and the languages of help centres that nothing else here needs.
_TWO_LETTERS = frozenset(pair.split("=")[1] for pair in _THREE_LETTERS.split()) | word_set(
    "aa as bo br fo gd mg oc or rw sd se tg tk tt yo"
)
_CODE_IN_NAME = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}|\d{3})){0,2}", re.IGNORECASE)
# ISO 639-2 for: undetermined, several, none, and without a code.
_NO_LANGUAGE = frozenset({UNKNOWN, "mul", "zxx", "mis"})


def normalize_code(code: str) -> str:
    """Return the code without its region, the same for each way of writing it.

    Norwegian is one language here (`nb`): its two written forms serve the same readers.

    Raises:
        ValueError: `code` is no language code.

    >>> normalize_code("zh-CN"), normalize_code("NO"), normalize_code("deu"), normalize_code("")
    ('zh', 'nb', 'de', 'und')
    """
    if not code:
        return UNKNOWN
    match = _CODE.fullmatch(code.strip())
    if match is None:
        raise ValueError(code)
    base = match.group(1).lower()
    return _ALIASES.get(base, base)


def parse_code(value: object) -> str | None:
    """Return the language code in a record's field, None where it names no language.

    >>> parse_code("pt_BR"), parse_code("und"), parse_code("Portuguese"), parse_code(None)
    ('pt', None, None, None)
    """
    try:
        code = normalize_code(value) if isinstance(value, str) else UNKNOWN
    except ValueError:
        return None
    return None if code in _NO_LANGUAGE else code


def code_in_name(name: str) -> str | None:
    """Return the two-letter code that a whole name of a folder or file is, without its region; else None.

    >>> code_in_name("zh-CN"), code_in_name("pt_BR"), code_in_name("faq"), code_in_name("xx")
    ('zh', 'pt', None, None)
    """
    match = _CODE_IN_NAME.fullmatch(name)
    return match[1].lower() if match and match[1].lower() in _TWO_LETTERS else None
