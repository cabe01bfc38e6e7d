"""Words for company names, goals and owners in Latin, Arabic and Persian script, made for this sample.

Every name is a common noun and a trade word; no company or person is meant. Each pair is (as written, Latin slug).
"""

from __future__ import annotations

Words = tuple[tuple[str, str], ...]

LATIN: Words = tuple(
    (word, word.lower())
    for word in (
        "Alder Amber Anchor Aster Basil Birch Bramble Brook Cedar Cinder Clover Cobalt Copper Coral Cypress Dune Ember Fennel "
        "Fern Finch Flint Garnet Hazel Heron Indigo Juniper Kestrel Lantern Larch Linden Lotus Maple Marble Meadow Mistral "
        "Mosaic Nectar Nimbus Olive Onyx Opal Orchard Pearl Pebble Pine Quartz Quill Raven Rowan Saffron Sage Slate Sorrel "
        "Sparrow Tamarind Teal Thistle Topaz Tulip Umber Velvet Verbena Walnut Willow Wren Zephyr"
    ).split()
)
LATIN_TRADES: Words = (
    ("Home", "home"),
    ("Outfitters", "outfitters"),
    ("Market", "market"),
    ("Labs", "labs"),
    ("Trading", "trading"),
    ("Living", "living"),
    ("Beauty", "beauty"),
    ("Kitchen", "kitchen"),
    ("Books", "books"),
    ("Electronics", "electronics"),
    ("& Sons", "sons"),
    ("Travel", "travel"),
    ("Sports", "sports"),
    ("Pharmacy", "pharmacy"),
    ("Studio", "studio"),
    ("Supply GmbH", "supply"),
    ("Commerce Ltd", "commerce"),
    ("Distribution SARL", "distribution"),
    ("Coffee", "coffee"),
    ("Toys", "toys"),
)

ARABIC: Words = (
    ("النور", "alnoor"),
    ("الياسمين", "alyasmin"),
    ("الأمل", "alamal"),
    ("الواحة", "alwaha"),
    ("النخيل", "alnakheel"),
    ("الريحان", "alrayhan"),
    ("الفجر", "alfajr"),
    ("اللؤلؤ", "allulu"),
    ("الزهراء", "alzahra"),
    ("السنابل", "alsanabel"),
    ("الغدير", "alghadeer"),
    ("المرجان", "almarjan"),
    ("الصقر", "alsaqr"),
    ("العنبر", "alanbar"),
    ("الزيتون", "alzaytoun"),
    ("القمر", "alqamar"),
    ("النسيم", "alnaseem"),
    ("الرمال", "alrimal"),
    ("الينابيع", "alyanabee"),
    ("الشروق", "alshurooq"),
    ("المنارة", "almanara"),
    ("السحاب", "alsahab"),
    ("البستان", "albustan"),
    ("الحرير", "alhareer"),
    ("التوت", "altoot"),
    ("المسك", "almisk"),
    ("الورد", "alward"),
    ("الأرز", "alarz"),
    ("الكنز", "alkanz"),
    ("الجسر", "aljisr"),
    ("الضياء", "aldiya"),
    ("المدار", "almadar"),
    ("السفينة", "alsafina"),
    ("الخزامى", "alkhuzama"),
)
ARABIC_PATTERNS: Words = (
    ("متجر {}", "store"),
    ("شركة {} للتجارة", "trading"),
    ("مؤسسة {}", "est"),
    ("دار {}", "dar"),
    ("أسواق {}", "souq"),
    ("{} للأزياء", "fashion"),
    ("{} للإلكترونيات", "electronics"),
    ("صيدلية {}", "pharmacy"),
    ("مجموعة {}", "group"),
    ("{} للعطور", "perfumes"),
    ("{} أونلاين", "online"),
    ("مكتبة {}", "books"),
    ("بيت {}", "house"),
    ("{} للسفر والسياحة", "travel"),
)

PERSIAN: Words = (
    ("آفتاب", "aftab"),
    ("باران", "baran"),
    ("سپهر", "sepehr"),
    ("نیلوفر", "niloofar"),
    ("پرستو", "parastoo"),
    ("کیمیا", "kimia"),
    ("گلستان", "golestan"),
    ("یاقوت", "yaghoot"),
    ("ترنج", "toranj"),
    ("مهتاب", "mahtab"),
    ("چکاوک", "chakavak"),
    ("زعفران", "zaferan"),
    ("پونه", "pooneh"),
    ("ژاله", "zhaleh"),
    ("سرو", "sarv"),
    ("فیروزه", "firoozeh"),
    ("کاج", "kaj"),
    ("دریا", "darya"),
    ("ستاره", "setareh"),
    ("ماهور", "mahoor"),
    ("شکوفه", "shokoofeh"),
    ("پگاه", "pegah"),
    ("آویشن", "avishan"),
    ("گندم", "gandom"),
    ("بلوط", "baloot"),
    ("نارون", "narvan"),
    ("کهربا", "kahroba"),
    ("شبنم", "shabnam"),
    ("مروارید", "morvarid"),
    ("پیچک", "pichak"),
    ("سایه", "sayeh"),
    ("ارغوان", "arghavan"),
)
PERSIAN_PATTERNS: Words = (
    ("فروشگاه {}", "shop"),
    ("گروه {}", "group"),
    ("{}‌مارکت", "market"),
    ("{}‌داده", "dadeh"),
    ("بازرگانی {}", "trading"),
    ("خانهٔ {}", "khaneh"),
    ("پخش {}", "pakhsh"),
    ("کتاب‌فروشی {}", "books"),
    ("{} شاپ", "online"),
    ("آژانس سفر {}", "travel"),
    ("پوشاک {}", "pooshak"),
    ("{}‌رایان", "rayan"),
    ("داروخانهٔ {}", "pharmacy"),
    ("نان و قهوهٔ {}", "cafe"),
)

MAILBOXES = ("hello", "info", "support", "office", "shop", "team")

GOALS: dict[str, tuple[str, ...]] = {
    "en": (
        "first reply under one hour",
        "onboard 40 agents by December",
        "one inbox for chat, mail and phone",
        "answer half of the questions by self-service",
        "open a second shop without hiring",
    ),
    "fr": ("répondre en moins d'une heure", "une seule boîte pour tous les canaux", "réduire les retours de 20 %"),
    "de": ("erste Antwort unter einer Stunde", "alle Kanäle in einem Postfach", "Retouren um 20 % senken"),
    "ar": (
        "الرد الأول خلال ساعة",
        "صندوق واحد لكل القنوات",
        "رفع رضا العملاء إلى ٩٠٪",
        "تقليل المرتجعات في موسم رمضان",
    ),
    "fa": (
        "پاسخ اول در کمتر از یک ساعت",
        "یک صندوق برای همهٔ کانال‌ها",
        "کاهش مرجوعی‌ها تا نوروز",
        "راه‌اندازی پشتیبانی تلفنی",
    ),
}

OWNERS: dict[str, tuple[str, ...]] = {
    "Gulf": ("سارة", "Layla", "Omar"),
    "Mashriq": ("مريم", "Layla", "Yusuf"),
    "Maghreb": ("أمينة", "Nadia"),
    "Iran": ("آرش", "نگار"),
    "Europe": ("Jonas", "Clara", "Nadia"),
}
"""Customer-success managers by region: given names only."""
