"""Which letters beyond ASCII each language writes, and the single-byte encodings its suppliers still send files in."""

ALPHABETS: dict[str, str] = {
    "german": "äöüß",
    "french": "àâæçéèêëîïôœùûüÿ",
    "spanish": "áéíñóúüªº",
    "portuguese": "áâãàçéêíóôõúªº",
    "italian": "àèéìòù",
    "dutch": "éëïóöüè",
    "swedish": "åäöé",
    "danish": "åæøé",
    "catalan": "àçèéíïòóúü",
    "polish": "ąćęłńóśźż",
    "czech": "áčďéěíňóřšťúůýž",
    "slovak": "áäčďéíĺľňóôŕšťúýž",
    "hungarian": "áéíóöőúüű",
    "croatian": "čćđšž",
    "romanian": "ăâîşţșț",
    "turkish": "çğıöşüâîİ",
    "lithuanian": "ąčęėįšųūž",
    "latvian": "āčēģīķļņšūž",
    "estonian": "äõöüšž",
    "russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "bulgarian": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "greek": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",
}
"""Lower case; capitals are allowed for."""

WEST = ("german", "french", "spanish", "portuguese", "italian", "dutch", "swedish", "danish", "catalan")
CENTRE = ("polish", "czech", "slovak", "hungarian", "croatian", "romanian", "german")
CYRILLIC = ("russian", "ukrainian", "bulgarian")

SINGLE_BYTE: dict[str, tuple[str, ...]] = {
    "cp1252": WEST,
    "cp1250": CENTRE,
    "iso8859-15": WEST,
    "iso8859-2": CENTRE,
    "cp1254": ("turkish",),
    "cp1257": ("lithuanian", "latvian", "estonian"),
    "cp1251": CYRILLIC,
    "cp1253": ("greek",),
    "cp850": WEST,
    "cp852": CENTRE,
    "koi8-r": ("russian",),
    "cp866": ("russian",),
    "mac-roman": WEST,
}
"""Encodings in the order in which they win a draw. cp1252 stands for ISO 8859-1 too: what the two write differs in no
letter, and browsers and spreadsheets read both so."""

MODERN = frozenset({"cp1252", "cp1250", "iso8859-2", "iso8859-15", "cp1254", "cp1257", "cp1251", "cp1253"})
"""Those that programs of this century write: only these are worth a question."""

SYMBOLS = frozenset("€£¥$§°®™©–—‘’“”„«»‹›…•·²³¹½¼¾×÷±µØø№‰¡¿ºª\xa0\xad")  # noqa: RUF001 - that is what they are
"""Signs that product data has beside words; between two letters they betray a wrong encoding."""
