"""What is said and written about the product, in English, Arabic and Persian, and who says it: made for this sample.

Given names with an initial, no person is meant.
"""

from __future__ import annotations

from cstui.sample.chance import Chance

_NAMES = {
    "en": ("Anna", "Ben", "Claire", "David", "Eva", "Felix", "Hanna", "Iris", "Karim", "Lina", "Mats", "Rania", "Sami", "Tarek"),
    "ar": ("أحمد", "هدى", "خالد", "ريم", "سمية", "طارق", "عمر", "فاطمة", "ليلى", "محمود", "نادر", "ياسمين"),
    "fa": ("آرمان", "بهار", "پریسا", "حامد", "رضا", "سحر", "شیوا", "فرهاد", "کاوه", "مینا", "نرگس", "یاسر"),
}
_INITIALS = {"en": "ABDFHKLMNRST", "ar": "بحخرسشعفقمن", "fa": "بپتجخرسشکگم"}


def tongue(language: str) -> str:
    """The language they are written with here: English for those that have no texts of their own."""
    return language if language in _NAMES else "en"


def respondent(chance: Chance, language: str) -> str:
    """Somebody's given name and an initial."""
    known = tongue(language)
    return f"{chance.pick(_NAMES[known])} {chance.pick(_INITIALS[known])}."


SUBJECTS: dict[str, dict[str, tuple[str, ...]]] = {
    "how-to": {
        "en": (
            "How do I add an agent?",
            "Saved replies for the weekend",
            "Where is the report by channel?",
            "Sorting tickets by order number",
        ),
        "ar": ("كيف أضيف موظفًا جديدًا؟", "الردود الجاهزة لعطلة الأسبوع", "أين تقرير القنوات؟"),
        "fa": ("چطور همکار تازه اضافه کنم؟", "پاسخ‌های آماده برای آخر هفته", "گزارش کانال‌ها کجاست؟"),
    },
    "channels": {
        "en": ("WhatsApp number not connected", "Mail from the shop arrives twice", "Chat button missing on mobile"),
        "ar": ("رقم واتساب غير متصل", "الرسائل تصل مرتين", "زر المحادثة لا يظهر على الجوال"),
        "fa": ("تلگرام وصل نمی‌شود", "ایمیل‌ها دوبار می‌رسند", "دکمهٔ گفتگو در موبایل نیست"),
    },
    "import": {
        "en": ("Import of old conversations", "Customer list with Arabic names"),
        "ar": ("استيراد المحادثات القديمة", "قائمة عملاء بأسماء عربية"),
        "fa": ("وارد کردن گفتگوهای قدیمی", "فهرست مشتری‌ها از اکسل"),
    },
    "billing": {
        "en": ("Invoice with our tax number", "Seats on the last invoice"),
        "ar": ("فاتورة بالرقم الضريبي", "عدد المقاعد في الفاتورة"),
        "fa": ("فاکتور با شناسهٔ مالیاتی", "تعداد کاربرها در فاکتور"),
    },
    "bug": {
        "en": ("Search finds nothing since this morning", "Attachments do not open", "Counter of unread chats is wrong"),
        "ar": ("البحث لا يعمل منذ الصباح", "المرفقات لا تفتح", "عداد الرسائل غير صحيح"),
        "fa": ("جستجو از صبح کار نمی‌کند", "پیوست‌ها باز نمی‌شوند", "شمارندهٔ پیام‌ها اشتباه است"),
    },
    "checkout": {
        "en": ("Checkout chat lost after the move", "New checkout: customers cannot pay", "Checkout widget stays empty"),
        "ar": ("محادثات الدفع اختفت بعد النقل", "صفحة الدفع الجديدة: العملاء لا يستطيعون الدفع", "نافذة الدفع فارغة"),
        "fa": ("گفتگوهای صفحهٔ پرداخت پس از انتقال گم شد", "صفحهٔ پرداخت تازه خالی است"),
    },
    "payment": {
        "en": ("Our card was refused, twice", "Charged by the new payment provider?"),
        "ar": ("بطاقتنا رُفضت مرتين", "خصم من مزود الدفع الجديد؟"),
        "fa": ("کارت ما دوبار رد شد", "برداشت درگاه پرداخت تازه؟"),
    },
}

OCCASIONS: dict[str, dict[str, str]] = {
    "onboarding": {"en": "Welcome and setup", "ar": "ترحيب وإعداد", "fa": "خوش‌آمد و راه‌اندازی"},
    "check-in": {"en": "How is it going?", "ar": "كيف تسير الأمور؟", "fa": "اوضاع چطور است؟"},
    "follow-up": {"en": "About your score", "ar": "بخصوص تقييمكم", "fa": "دربارهٔ امتیازتان"},
    "renewal": {"en": "Your renewal", "ar": "تجديد الاشتراك", "fa": "تمدید اشتراک"},
    "payment": {"en": "Payment reminder", "ar": "تذكير بالدفع", "fa": "یادآوری پرداخت"},
}

NOTES: dict[str, tuple[str, ...]] = {
    "en": (
        "Two agents left; asks for a smaller plan in the new year.",
        "Happy with the inbox. Wants the voice channel before the sales.",
        "Compares us with another tool. Call again in three weeks.",
        "New head of support; show the reports once more.",
    ),
    "ar": (
        "راضون عن الصندوق الموحد، ويريدون قناة الصوت قبل موسم التخفيضات.",
        "يقارنون مع أداة أخرى. نتصل بعد ثلاثة أسابيع.",
        "مدير دعم جديد؛ نعرض التقارير مرة أخرى.",
    ),
    "fa": (
        "از صندوق یکپارچه راضی‌اند؛ پیش از نوروز تلفن می‌خواهند.",
        "ما را با ابزار دیگری مقایسه می‌کنند. سه هفته بعد تماس.",
        "مدیر پشتیبانی تازه آمده؛ گزارش‌ها را دوباره نشان بدهیم.",
    ),
}

_GOOD: dict[str, dict[str, tuple[str, ...]]] = {
    "": {
        "en": (
            "All channels in one inbox. We answer twice as fast.",
            "Simple, and the team likes it.",
            "Support knows our shop by name.",
            "Would not want to go back to mail.",
        ),
        "ar": (
            "كل القنوات في صندوق واحد، ونرد أسرع بكثير.",
            "سهل، والفريق يحبه.",
            "الدعم يعرف متجرنا ويرد بسرعة.",
        ),
        "fa": (
            "همهٔ کانال‌ها یک‌جا؛ خیلی سریع‌تر جواب می‌دهیم.",
            "ساده است و تیم دوستش دارد.",
            "پشتیبانی فروشگاه ما را می‌شناسد.",
        ),
    },
    "support": {
        "en": ("Quick and friendly.", "Solved in one go, thank you."),
        "ar": ("رد سريع ولطيف.", "حُلّت المشكلة من أول مرة، شكرًا."),
        "fa": ("سریع و خوش‌برخورد.", "همان بار اول حل شد، ممنون."),
    },
    "onboarding": {
        "en": ("Running on the second day.", "Good that somebody called."),
        "ar": ("بدأنا العمل في اليوم الثاني.", "جميل أن أحدًا اتصل بنا."),
        "fa": ("روز دوم راه افتادیم.", "خوب بود که تماس گرفتید."),
    },
    "billing": {"en": ("Invoice as it should be.",), "ar": ("الفاتورة واضحة.",), "fa": ("فاکتور روشن بود.",)},
    "checkout": {
        "en": ("Customers ask before they leave the cart. Sells.", "Works on every phone."),
        "ar": ("العملاء يسألون قبل ترك السلة، والمبيعات ارتفعت.", "يعمل على كل الأجهزة."),
        "fa": ("مشتری پیش از رها کردن سبد می‌پرسد؛ فروش بهتر شد.", "روی همهٔ گوشی‌ها کار می‌کند."),
    },
}
_BAD: dict[str, dict[str, tuple[str, ...]]] = {
    "": {
        "en": (
            "Too dear for what we use of it.",
            "Half of our chats do not arrive. We look for something else.",
            "Reports are slow and do not match our own.",
            "Nobody has called since we signed.",
        ),
        "ar": (
            "غالٍ مقارنة بما نستخدمه.",
            "نصف المحادثات لا تصل. نبحث عن بديل.",
            "التقارير بطيئة ولا تطابق أرقامنا.",
            "لم يتصل بنا أحد منذ الاشتراك.",
        ),
        "fa": (
            "برای استفادهٔ ما گران است.",
            "نصف پیام‌ها نمی‌رسد؛ دنبال جایگزین هستیم.",
            "گزارش‌ها کند است و با عددهای ما نمی‌خواند.",
            "از وقتی خریدیم کسی تماس نگرفته.",
        ),
    },
    "support": {
        "en": ("Closed and not solved. I had to write three times.", "Each time another person, each time from the start."),
        "ar": ("أُغلقت التذكرة ولم تُحل. كتبت ثلاث مرات.", "كل مرة شخص آخر، وكل مرة من البداية."),
        "fa": ("تیکت بسته شد ولی حل نشد. سه بار نوشتم.", "هر بار یک نفر دیگر، هر بار از اول."),
    },
    "onboarding": {
        "en": ("The old conversations are still not in.", "Too many settings, no example."),
        "ar": ("المحادثات القديمة لم تُنقل بعد.", "إعدادات كثيرة بلا مثال."),
        "fa": ("گفتگوهای قدیمی هنوز نیامده.", "تنظیمات زیاد، بدون نمونه."),
    },
    "billing": {
        "en": ("Card refused twice, and it is a good card.", "Charged for seats we gave back."),
        "ar": ("رُفضت البطاقة مرتين وهي سليمة.", "خُصم ثمن مقاعد ألغيناها."),
        "fa": ("کارت سالم دوبار رد شد.", "پول کاربرهایی را گرفتید که حذف کرده بودیم."),
    },
    "checkout": {
        "en": ("Since the move the checkout stays empty. We lose orders.", "Customers cannot pay. Nobody tells us why."),
        "ar": ("منذ النقل صفحة الدفع فارغة، ونخسر الطلبات.", "العملاء لا يستطيعون الدفع ولا أحد يشرح السبب."),
        "fa": ("از وقتی منتقل شدیم صفحهٔ پرداخت خالی است.", "مشتری نمی‌تواند پرداخت کند."),
    },
}


def comment(chance: Chance, language: str, touchpoint: str, *, good: bool) -> str:
    """What somebody adds to a score, in their language."""
    return chance.pick((_GOOD if good else _BAD)[touchpoint][tongue(language)])
