import type { Texts } from '../kinds/texts';

/** The SDK's own words in Arabic, as an app hands them in. */
export const ARABIC_TEXTS: Partial<Texts> = {
  close: 'إغلاق',
  remove: 'إزالة',
  back: 'السابق',
  next: 'التالي',
  send: 'إرسال',
  notNow: 'ليس الآن',
  message: 'رسالة',
  messages: 'الرسائل',
  step: '{n} من {of}',
  stars: '{n} من 5 نجوم',
  done: 'تم',
  open: 'لم يتم بعد',
  unread: 'غير مقروءة',
  empty: 'لا شيء هنا بعد. ستظهر الأخبار هنا.',
  yourChoice: 'اختيارك',
  rightAnswer: 'الإجابة الصحيحة',
  right: 'صحيح',
  wrong: 'ليس تمامًا',
  votes: 'الأصوات: {n}',
  points: '{n} نقطة',
  inARow: '{n} على التوالي',
  badges: 'الأوسمة',
  chat: 'المحادثة',
  you: 'أنت',
  sending: 'جارٍ الإرسال',
  refused: 'لم تُرسل',
  sent: 'أُرسلت',
  seen: 'شوهدت',
  closed: 'هذه المحادثة مغلقة.',
  report: 'إبلاغ',
  block: 'حظر',
};

/** The texts of the examples, and of the page that they are shown in. */
const WORDS: Readonly<Record<string, string>> = {
  'Good morning': 'صباح الخير',
  'This is a page of an app. The message is what the SDK adds to it.':
    'هذه صفحة في تطبيق، والرسالة هي ما تضيفه الحزمة إليها.',
  Export: 'تصدير',
  'Show the message again': 'اعرض الرسالة مرة أخرى',

  'Delivery is free this week': 'التوصيل مجاني هذا الأسبوع',
  'On every order from 20 €, until Sunday.': 'على كل طلب ابتداءً من 20 يورو، حتى يوم الأحد.',
  'See what is new': 'شاهد الجديد',

  'Your trial ends on Friday': 'تنتهي فترتك التجريبية يوم الجمعة',
  'Choose a plan to keep your projects. Nothing is charged before Friday, and you can leave at any time.':
    'اختر باقة لتحتفظ بمشاريعك. لن يُخصم أي مبلغ قبل يوم الجمعة، ويمكنك الإلغاء في أي وقت.',
  'Choose a plan': 'اختر باقة',

  'Pick up where you left off': 'أكمل من حيث توقفت',
  'Two items are still in your basket. We keep them until tomorrow.': 'ما زال في سلتك منتجان. نحتفظ بهما حتى الغد.',
  'Open the basket': 'افتح السلة',
  Tomorrow: 'غدًا',

  'Share it with your team': 'شاركه مع فريقك',
  'Export sends the report as a file, or as a link that is kept up to date.':
    'يرسل زر التصدير التقرير ملفًا، أو رابطًا يبقى محدّثًا.',
  'Got it': 'فهمت',

  'Two minutes about your order': 'دقيقتان عن طلبك',
  'Thank you. It helps the next order arrive better.': 'شكرًا لك. رأيك يجعل الطلب القادم أفضل.',
  'How likely are you to recommend us to a friend?': 'ما احتمال أن توصي صديقًا بنا؟',
  'Not likely': 'غير محتمل',
  'Very likely': 'محتمل جدًا',
  'What should we do better?': 'ما الذي ينبغي أن نحسّنه؟',
  Prices: 'الأسعار',
  'Time of delivery': 'مدة التوصيل',
  Packing: 'التغليف',
  'What did you like most?': 'ما أكثر ما أعجبك؟',
  'The range': 'التشكيلة',
  'The quick delivery': 'سرعة التوصيل',
  'The people who helped': 'من ساعدوك',
  'How was the courier?': 'كيف كان المندوب؟',
  'How easy was it to order?': 'ما مدى سهولة الطلب؟',
  Hard: 'صعب',
  Easy: 'سهل',
  'Anything else?': 'هل من شيء آخر؟',
  'In your own words': 'بكلماتك',

  'Do you enjoy the app?': 'هل يعجبك التطبيق؟',
  'Thank you. Somebody reads every word.': 'شكرًا لك. نقرأ كل كلمة.',
  'Yes, I do': 'نعم',
  'Good to hear. Would you say so in the store?': 'يسعدنا ذلك. هل تقوله في المتجر؟',
  'Rate the app': 'قيّم التطبيق',
  'Not really': 'ليس كثيرًا',
  'What should be better?': 'ما الذي ينبغي أن يتحسن؟',

  'Which colour should come next?': 'ما اللون الذي تريده بعد ذلك؟',
  'Moss green': 'أخضر طحلبي',
  'Ink blue': 'أزرق حبري',
  'Brick red': 'أحمر قرميدي',

  'Where does the coffee plant come from?': 'من أين جاءت شجرة البن؟',
  Brazil: 'البرازيل',
  Ethiopia: 'إثيوبيا',
  Java: 'جاوة',
  'Its wild forests are where it still grows by itself.': 'ما زالت تنمو وحدها في غاباتها البرية.',

  'Your order is being prepared': 'يجري تحضير طلبك',
  'It leaves the shop at about 14:20.': 'يغادر المتجر في نحو الساعة 14:20.',
  Received: 'استُلم',
  Preparing: 'قيد التحضير',
  'On its way': 'في الطريق',
  Delivered: 'وصل',
  'Follow the order': 'تابع الطلب',

  'Set up your shop': 'جهّز متجرك',
  'A photo next: shops with one get twice the visits.': 'الخطوة التالية صورة: المتاجر التي لها صورة تُزار ضعف غيرها.',
  'Name your shop': 'سمِّ متجرك',
  'Add a first product': 'أضف أول منتج',
  'Add a photo': 'أضف صورة',
  'Invite somebody': 'ادعُ شخصًا',

  'Seven runs in seven days': 'سبع جولات جري في سبعة أيام',
  'Your longest streak so far.': 'أطول سلسلة لك حتى الآن.',
  'Steady runner': 'عدّاء مثابر',
  'See your badges': 'شاهد أوسمتك',

  'Your parcel is at the door': 'طردك عند الباب',
  'Left at 09:30, beside the flower pot.': 'تُرك في الساعة 09:30 بجانب أصيص الزهور.',
  'A parcel on a doorstep': 'طرد على عتبة باب',
  'See the order': 'شاهد الطلب',
  'Does Tuesday suit you?': 'هل يناسبك يوم الثلاثاء؟',
  'The courier comes between 10 and 12.': 'يأتي المندوب بين العاشرة والثانية عشرة.',
  Yes: 'نعم',
  'Another day': 'يوم آخر',
  'Your invoice for October': 'فاتورة شهر أكتوبر',
  'Paid by card.': 'دُفعت بالبطاقة.',
  'Open the invoice': 'افتح الفاتورة',
  'first-order': 'أول طلب',
  'steady-runner': 'عدّاء مثابر',
  Bob: 'بوب',
  Courier: 'مندوب التوصيل',
  'I am at the door': 'أنا عند الباب',
  'I need five minutes': 'أحتاج خمس دقائق',
  'Please leave it next door': 'اتركه عند الجيران من فضلك',
  'I have your order and leave the shop now.': 'طلبك معي وأغادر المتجر الآن.',
  'Thank you': 'شكرًا',
  'The bell does not work, please knock.': 'الجرس لا يعمل، اطرق الباب من فضلك.',
  'I have arrived': 'لقد وصلت',
};

/** Returns the same example with each text that is known here in Arabic. */
export function inArabic<Value>(value: Value): Value {
  if (typeof value === 'string') return (Object.hasOwn(WORDS, value) ? WORDS[value] : value) as Value;
  if (Array.isArray(value)) return value.map((each: unknown) => inArabic(each)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inArabic<unknown>(each)])) as Value;
}
