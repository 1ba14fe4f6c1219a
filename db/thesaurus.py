"""Words of the news that mean the same, in English and Russian, and those that mean nothing. Pure.

A meaning is its English words, a colon, and its Russian ones. Both languages' words become one
key, so an article and its translation can be compared, and so can drills with exercises.
Sharing one of them says less than sharing a word that stands in no list.
"""

from __future__ import annotations

from typing import Final

from db.words import Reading

LETTERS: Final = 5
"""Letters of a normal form that count: endings that the stemmers leave are behind them."""

_NAMES: Final = """
russia russian russians: россия российский россияне россиянин; belarus belarusian belarusians:
беларусь белоруссия белорусский беларуский; kazakhstan kazakh kazakhstani: казахстан казахстанский
казахский; kyrgyzstan kyrgyz kirghizia: кыргызстан киргизия кыргызский киргизский кыргызская;
tajikistan tajik: таджикистан таджикский; uzbekistan uzbek: узбекистан узбекский; armenia armenian:
армения армянский; azerbaijan azerbaijani: азербайджан азербайджанский; turkmenistan turkmen:
туркменистан туркменский туркмения; afghanistan afghan: афганистан афганский; ukraine ukrainian:
украина украинский; china chinese: китай китайский; iran iranian: иран иранский; india indian: индия
индийский; turkey turkiye turkish: турция турецкий; serbia serbian: сербия сербский; mongolia
mongolian: монголия монгольский; pakistan pakistani: пакистан пакистанский; germany german: германия
немецкий германский; france french: франция французский; italy italian: италия итальянский; japan
japanese: япония японский; poland polish: польша польский; lithuania lithuanian: литва литовский;
latvia latvian: латвия латвийский; georgia georgian: грузия грузинский; moldova moldovan: молдавия
молдова молдавский; israel israeli: израиль израильский; america american us usa: сша америка
американский; britain british uk: великобритания британский; europe european: европа европейский;
asia asian: азия азиатский; eurasia eurasian: евразия евразийский; arctic: арктика арктический;
moscow: москва московский; minsk: минск минский; astana: астана; almaty alma-ata: алматы алма-ата;
bishkek: бишкек бишкекский; dushanbe: душанбе; yerevan: ереван; tashkent: ташкент; petersburg:
петербург санкт-петербург петербургский; beijing: пекин пекинский; csto: одкб; cis: снг; sco: шос;
eaeu: еаэс; un: оон; osce: обсе; nato: нато; eu: ес евросоюз; brics: брикс; who: воз;
"""
_FAR_NAMES: Final = """
hungary hungarian: венгрия венгерский; finland finnish: финляндия финский; spain spanish: испания
испанский; austria austrian: австрия австрийский; switzerland swiss: швейцария швейцарский; sweden
swedish: швеция шведский; norway norwegian: норвегия норвежский; czech czechia: чехия чешский;
greece greek: греция греческий; egypt egyptian: египет египта египетский; syria syrian: сирия
сирийский; korea korean: корея корейский; cyprus cypriot: кипр кипрский; uae: оаэ; brussels:
брюссель; geneva: женева; kyiv kiev: киев; tehran: тегеран; washington: вашингтон; delhi: дели;
caspian: каспий каспийский; shanghai: шанхай шанхайский; arab arabia: арабский аравия; turkic:
тюркский; slovakia slovak: словакия словацкий; slovenia: словения словенский; croatia croatian:
хорватия хорватский; bosnia bosnian: босния боснийский; romania romanian: румыния румынский;
bulgaria bulgarian: болгария болгарский; macedonia: македония македонский; montenegro: черногория
черногорский; albania: албания албанский; kosovo: косово косовский; estonia estonian: эстония
эстонский; denmark danish: дания датский; iceland icelandic: исландия исландский; netherlands dutch:
нидерланды голландский нидерландский; belgium belgian: бельгия бельгийский; portugal portuguese:
португалия португальский; scotland scottish: шотландия шотландский; ireland irish: ирландия
ирландский; canada canadian: канада канадский; mexico mexican: мексика мексиканский; brazil
brazilian: бразилия бразильский; argentina argentine: аргентина аргентинский; peru peruvian: перу
перуанский; colombia colombian: колумбия колумбийский; venezuela venezuelan: венесуэла
венесуэльский; cuba cuban: куба кубинский; chile chilean: чили чилийский; bolivia bolivian: боливия
боливийский; indonesia indonesian: индонезия индонезийский; malaysia malaysian: малайзия
малайзийский; philippines philippine: филиппины филиппинский; thailand thai: таиланд таиландский;
vietnam vietnamese: вьетнам вьетнамский; laos: лаос лаосский; cambodia: камбоджа камбоджийский;
myanmar: мьянма мьянманский; bangladesh: бангладеш; nepal: непал непальский; lanka: ланка; australia
australian: австралия австралийский; zealand: зеландия; iraq iraqi: ирак иракский; jordan jordanian:
иордания иорданский; lebanon lebanese: ливан ливанский; yemen yemeni: йемен йеменский; oman omani:
оман оманский; qatar qatari: катар катарский; kuwait: кувейт кувейтский; bahrain: бахрейн; saudi:
саудовский; palestine palestinian: палестина палестинский; gaza: газа; libya libyan: ливия
ливийский; algeria algerian: алжир алжирский; morocco moroccan: марокко марокканский; tunisia
tunisian: тунис тунисский; ethiopia ethiopian: эфиопия эфиопский; kenya kenyan: кения кенийский;
nigeria nigerian: нигерия нигерийский; congo congolese: конго конголезский; somalia: сомали; sudan
sudanese: судан суданский; warsaw: варшава варшавский; prague: прага пражский; budapest: будапешт;
vienna: вена венский; berlin: берлин берлинский; munich: мюнхен мюнхенский; paris: париж парижский;
london: лондон лондонский; rome: рим римский; belgrade: белград; bucharest: бухарест; athens: афины;
vilnius: вильнюс; riga: рига рижский; tallinn: таллин; helsinki: хельсинки; stockholm: стокгольм;
tokyo: токио; seoul: сеул; jerusalem: иерусалим; damascus: дамаск; baghdad: багдад; cairo: каир;
riyadh: эр-рияд; tbilisi: тбилиси; baku: баку бакинский; chisinau: кишинев; ashgabat: ашхабад;
ulaanbaatar: улан-батор; atlantic: атлантика атлантический; pacific: тихоокеанский; baltic: балтика
балтийский балтийское; mediterranean: средиземный средиземное; balkan balkans: балканы балканский;
siberia siberian: сибирь сибирский; africa african: африка африканский;
"""
_WORDS: Final = """
president presidential: президент президентский; minister: министр; ministry: министерство; prime
premier: премьер; government cabinet: правительство кабмин кабинет; parliament parliamentary jogorku
kenesh majilis mazhilis duma: парламент парламентский жогорку кенеш мажилис дума; deputy:
заместитель замглавы; deputies lawmakers lawmaker: депутат депутаты; chairman chair chairmanship
presidency: председатель председательство; secretary: секретарь генсек; secretariat: секретариат;
general: генеральный генерал генералов; head chief leader leaders: глава главы лидер руководитель;
ambassador envoy: посол; foreign: иностранный мид мидов; affairs: дело дела; defense defence:
оборона минобороны; security: безопасность совбез; council: совет; collective: коллективный; treaty
agreement pact deal: договор соглашение; organization bloc alliance: организация; assembly:
ассамблея; commission: комиссия; committee: комитет; session: сессия; summit: саммит; meeting met
meet meets: встреча встретиться встретился; talks negotiations: переговоры; consultations:
консультация консультации; conference: конференция; forum: форум; visit visited visits: визит
посетить посетит посетил; discuss discussed: обсудить обсудит обсудили обсуждение; sign signed
signing: подписать подпишет подпишут подписали подписание; statement: заявление; declaration:
декларация; resolution decree: постановление указ; report: доклад отчет; document: документ; plan:
план; program programme: программа; project: проект; cooperation: сотрудничество; development:
развитие; support: поддержка; assistance aid: помощь; strengthen strengthening reinforce: укрепление
укрепить укрепит; exercise exercises drills drill manoeuvres maneuvers: учение учения маневры;
training: подготовка тренировка; military: военный; servicemen soldiers troops: военнослужащий
военнослужащие; army armed: армия вооруженный войска; forces force: сила силы; peacekeepers
peacekeeping peacekeeper: миротворец миротворческий миротворцы; weapons arms weapon: оружие; border
frontier: граница пограничный; borderguards: пограничник погранвойска; drugs drug narcotics narcotic
anti-drug: наркотик наркотики наркотический антинаркотический; migration: миграция; terrorism
terrorist: терроризм террорист террористический; extremism: экстремизм; cybersecurity cyber:
кибербезопасность; operation: операция; rescue rescued rescuers rescuer: спасатель спасатели спасти
спас спасет спасут спасли; emergency emergencies: мчс чрезвычайный; police: полиция мвд милиция;
court: суд судов; sentence sentenced verdict jailed: приговор приговорить приговорит приговорил;
prison colony: колония тюрьма тюрем; bribe bribery corruption: взятка коррупция; criminal:
уголовный; prosecutor prosecutors: прокурор прокуратура; detain detained arrested arrest: задержать
задержит задержат задержали арест арестовать; killed died dead: погибнуть погибнет погибли погиб
умер умрет умрут умерли; injured wounded hurt: пострадать пострадали ранен пострадавший; fire blaze:
пожар; flood flooded floods: паводок наводнение подтопить подтопит; earthquake quake: землетрясение;
accident crash: авария дтп; evacuated evacuation: эвакуация эвакуировать эвакуирует эвакуированы;
weather: погода; temperature: температура; snow: снег; rain: дождь; plane aircraft jet airliner:
самолет; flight flights: рейс рейсы; passenger passengers: пассажир; airport: аэропорт; rocket:
ракета; satellite: спутник; space: космос космический; train railway rail: поезд железнодорожный;
road highway: дорога; bus buses: автобус; electric: электрический; car cars vehicle vehicles:
автомобиль машина машины; plant factory: завод предприятие; power: энергетика; energy: энергия;
electricity: электроэнергия; nuclear: ядерный атомный; oil: нефть; gas: газ газов; price prices:
цена цены; inflation: инфляция; bank: банк; currency: валюта; dollar dollars: доллар; euro euros:
евро; ruble rubles rouble roubles: рубль рубли; som soms: сом сомов сомы; percent: процент; economy
economic: экономика экономический; trade: торговля торговель торговый торговым; export exports:
экспорт; import imports: импорт; industry industrial: промышленность промышленный; agriculture:
сельское сельскохозяйственный; grain: зерно; harvest harvested: урожай намолотить намолотит;
investment investments: инвестиция инвестиции; budget: бюджет; tax taxes: налог; company: компания;
school schools: школа; children child kids: ребенок детьми дети детский; student students pupil
pupils schoolchildren: школьник студент ученик учащийся учатся учащиеся; university: университет;
teacher teachers: учитель; hospital hospitalized: больница госпитализировать госпитализирует; doctor
doctors: врач; vaccine vaccination: вакцина вакцинация; disease: болезнь заболевание; health:
здоровье здравоохранение минздрав; scientist scientists researchers: ученый ученые исследователь;
science scientific: наука научный; research study: исследование; trial trials tests test: испытание
испытания; museum: музей; exhibition: выставка; festival: фестиваль; concert: концерт; film: фильм;
theater theatre: театр; championship: чемпионат; match game: матч; team: команда сборная; victory
win won beat defeated: победа победить победит победил обыграть обыграли выиграть; lose lost defeat:
проиграть проиграл поражение; hockey: хоккей хоккеист хоккейный; football: футбол футболист;
volleyball: волейбол; gold: золото золотой; medal: медаль; election elections vote polls voting:
выборы голосование; candidate: кандидат кандидатура; observers observer: наблюдатель; citizens
citizen: гражданин граждане; people residents: человек людьми житель люди; worker workers employees:
работник рабочий сотрудник; city: город городской; village villages: село деревня деревень; region
regional: область регион региональный край; district: район округ; river: река; mountain mountains:
гора горы горный; house houses: дом домов дома; street: улица; construction build built:
строительство построить построит построят; open opened opening: открыть откроет откроют открыли
открылся открытие; begin begun began start started launch launched starts begins launches: начать
начнет начнут начался началось начали стартовать стартует стартовал запустить запустит запустил; end
ended completed finished ends: завершить завершит завершат завершился завершилось закончить закончит
закончат; increase increased grow grown rise rose: увеличить увеличит увеличат увеличение вырасти
вырос выросла вырастет вырастут рост; decrease fall fell drop dropped: снижение снизить снизит
упасть упадет; create created: создать создаст создадут создание; ban banned: запрет запретить
запретит; law: закон; rights: право права; situation: ситуация обстановка; threat threats: угроза;
crisis: кризис; war: война; peace: мир; victims: жертва жертвы; anniversary: годовщина летие;
history: история; international: международный; state national: государственный национальный
государство; country countries republic: страна республика; world: мировой всемирный; joint:
совместный; special: специальный; new: новый; first: первый; second: второй; third: третий; large:
крупный большой; year years annual: год годы годовой; month months: месяц; week: неделя; day days:
сутки день; million: миллион млн; billion: миллиард млрд; thousand: тысяча тыс; ton tons tonne
tonnes: тонна; kilogram kilograms kg: килограмм; kilometer kilometers: километр; meter meters metre
metres: метр; hectare hectares: гектар; interview: интервью; channel: канал каналов; newspaper:
газета; press: пресса пресс; service: служба; center centre: центр; institute: институт; expert
experts: эксперт; capital: столица; strike: забастовка; port: порт; protest protesters: протест
акция; attack attacks: атака нападение обстрел теракт; drone drones: беспилотник дрон; missile:
ракетный; phone telephone smartphone: телефон телефонный смартфон; water: вода водный; rules rule:
правило правила;
"""
_RARER: Final = """
suspect suspected suspects: подозревать подозреваемый подозрение; prepare preparing preparation:
подготовить подготовит готовить готовит готовил готовили; holiday holidays: праздник праздничный;
gasoline petrol fuel: бензин топливо; avalanche avalanches: лавина лавинный; landslide mudflow:
оползень оползня; storm hurricane: шторм ураган ураганов; heat: жара; frost cold: мороз холод; crop:
посев; sugar: сахар; meat: мясо; milk dairy: молоко молочный; bread wheat: хлеб пшеница; cotton:
хлопок; coal: уголь; steel metal: сталь металл; cement: цемент; fertilizer fertilizers: удобрение
удобрения; workshop: фабрика цех цехов; carrier: авиакомпания; ticket tickets: билет; tourist
tourists tourism: турист туризм туристический; hotel: отель гостиница; visa visas: виза визовый;
passport: паспорт; customs: таможня таможен таможенный; sanctions: санкция санкции; debt loan
credit: кредит долг заем; grant: грант; fund: фонд; salary wages wage pay: зарплата; pension
pensions: пенсия; poverty: бедность; unemployment: безработица; labor labour: труд трудовой
трудового; migrant migrants: мигрант мигранты; refugee refugees: беженец беженцы; family families:
семья; woman women: женщина женский; man men: мужчина мужской; mother: мать; baby: младенец; birth:
рождаемость рождение; marriage: брак; church: церковь церкви; mosque: мечеть; language: язык; book:
книга; song music: песня музыка музыкальный; artist painter: художник артист; actor actress: актер
актриса; writer poet: писатель поэт; journalist journalists: журналист журналисты; media: сми;
television tv: телевидение телеканал телеканалов; website site: сайт; internet online: интернет;
digital: цифровой цифрового; technology technologies: технология технологии; artificial:
искусственный; intelligence: интеллект; robot: робот; computer: компьютер; data: данные; account:
счет; fraud fraudster fraudsters scam: мошенник мошенничество мошенники; theft stolen steal: кража
украсть украл украдет украдут похитить похитит; murder: убийство; kidnapping: похищение; explosion
blast: взрыв; shooting: стрельба; bomb: бомба; hostage: заложник; navy naval fleet: флот; ship
vessel: корабль судно; submarine: подлодка; helicopter: вертолет; tank: танк; artillery: артиллерия;
air: воздушный авиация; base: база; range ground: полигон; command commander: командующий командир;
staff: штаб; contingent unit units: подразделение контингент; veteran veterans: ветеран ветеранов;
monument memorial: памятник мемориал мемориалов; flag: флаг; anthem: гимн; constitution
constitutional: конституция конституционный; referendum: референдум; bill: законопроект; reform:
реформа; party: партия; opposition: оппозиция; coalition: коалиция; majority: большинство; resign
resignation resigned: отставка; appoint appointed appointment: назначить назначит назначат назначен
назначение; dismiss dismissed sacked: уволить уволит освободить освободит; elect elected: избрать
изберет изберут избран; ratify ratified ratification: ратифицировать ратифицирует ратификация;
approve approved adopted adopt: утвердить утвердит принять примет примут принял приняли одобрить
одобрит; propose proposed proposal initiative: предложить предложит предложат предложил предложение
инициатива; demand demanded: требовать требует потребовать потребует требование; reject rejected
refuse refused: отклонить отклонит отказ отказаться откажется откажутся; agree agreed: договориться
договорились согласиться; condemn condemned: осудить осудит осудил; congratulate congratulated
greetings congratulations: поздравить поздравит поздравил поздравление; thank thanked: поблагодарить
поблагодарит благодарность; condolences: соболезнование соболезнования; invite invited invitation:
пригласить пригласит приглашение; arrive arrived arrival: прилететь прилетел прибыть прибудет
прибудут прибыл прибытие; depart departed departure: улететь отбыть уехать покинуть покинул покинет;
receive received: принимать; welcomed welcome: приветствовать приветствует; warn warned warning:
предупредить предупредит предупреждение; expect expected forecast: ожидать ожидаться прогноз; reduce
reduced cut: сократить сократит сокращение; expand expansion expanding: расширить расширит
расширение; raise raised: повысить повысит повышение; double doubled: удвоить удвоит вдвое; exceed
exceeded: превысить превысит превышать; reach reached: достигнуть достиг достигла достигнет достичь;
improve improvement: улучшить улучшит улучшат улучшение; modernize modernization upgrade:
модернизация; produce production: производство производить производит; supply supplies deliver
deliveries delivery: поставка поставки поставить поставит; purchase purchases buy bought: покупка
закупка закупки купить купит; sell sold sale sales: продажа продать продаст продадут; cost worth:
стоимость стоить; profit: прибыль; revenue: доход доходы; growth: темп; market bazaar: рынок базар;
shop store: магазин; stock exchange: биржа; shares: акции; rate: ставка курс; gdp: ввп; turnover:
товарооборот оборот; transport: транспорт; transit: транзит; corridor route: коридор маршрут;
bridge: мост; tunnel: тоннель туннель; subway: метрополитен метрополитенов; pipeline: трубопровод
газопровод; dam: плотина; hydropower hydroelectric: гэс гидроэлектростанция; reactor: реактор;
solar: солнечный; wind: ветер ветр; ecology environmental environment: экология экологический;
climate: климат; glacier glaciers: ледник; lake: озеро; sea: море морской; forest wildfire: лес
лесов лесной; park reserve: парк заповедник; animal animals: животное животные; bird birds: птица;
fish: рыба; horse: лошадь лошадьми; dog dogs: собака; virus: вирус; flu influenza: грипп; cancer:
рак раков онкология; medicine: лекарство медицина; patient patients: пациент; surgery: хирург
операционный; blood: кровь; olympic olympics: олимпиада олимпийский; athlete athletes: спортсмен
спортсменов атлет; coach: тренер; player: игрок; goal: гол; cup: кубок; league: лига; tournament:
турнир; final: финал финалов; champion: чемпион; wrestling wrestler: борьба борец; boxing boxer:
бокс боксер; tennis: теннис; chess: шахматы; swimming: плавание; biathlon: биатлон; skiing ski:
лыжный лыжи; apartment apartments flat: квартира; edifice: здание; land: земля земель земельный;
farm farmers farmer: фермер ферма; garden: сад садов; kindergarten: детсад; education educational:
образование образовательный; exam exams: экзамен экзаменов; academy: академия; laboratory:
лаборатория; discovery discovered: обнаружить обнаружит обнаружат обнаружили; found find: найти
нашел найдет найдут нашли найден; search: поиск поиски; missing: пропавший пропадет пропадут
пропасть; help: помочь помог помогла поможет помогут; volunteer volunteers: волонтер доброволец;
humanitarian: гуманитарный; cargo: грузы грузовой; truck trucks: грузовик; driver drivers: водитель;
pilot: пилот летчик; crew: экипаж; cosmonaut astronaut cosmonauts: космонавт астронавт; moon lunar:
луна лунный; station: станция; orbit: орбита; engine: двигатель; equipment: оборудование техника;
interaction: взаимодействие; unbreakable indestructible: нерушимый; brotherhood: братство; thunder:
гром; echelon: эшелон; mercenary: наемник; permanent standing: постоянный; close closed closure
shut: закрыть закрыли закрыт закрытие перекрыть перекрыла; intergovernmental: межправительственный;
executive: исполнительный; supreme: высший верховный; award awarded prize laureate: премия награда
приз лауреат; literature literary: литература литературный; shipping navigation: судоходство; notice
notify: уведомление уведомить; warehouse depot storage: склад хранилище; pump: насос; cooling
coolant: охлаждение; conveyor: конвейер конвейерный; miner miners: горняк шахтер; mine colliery:
шахта рудник; lorry lorries: фура большегруз; tanker: танкер; leak spill: утечка разлив; parade:
парад; salute fireworks: салют; conductor conductors: кондуктор; volcano volcanic: вулкан; erupt
eruption: извержение; ash: пепел; spy spying espionage: шпионаж шпион разведка; radar: радар;
concrete: бетон бетонирование; sculptor: скульптор; statue: статуя; credentials credence:
верительный грамота; pardon pardoned: помиловать помиловал помилует помилование; convict convicts
prisoner prisoners: осужденный заключенный; skier: лыжник; score points: балл очко; silver: серебро
серебряный; bronze: бронза бронзовый; stage leg: этап; round: раунд тур; duty tariff tariffs levy:
пошлина тариф; barley: ячмень; maize corn: кукуруза; yurt: юрта; craftsmen craftsman: мастер умелец;
gorge: ущелье урочище; diameter: диаметр; hashish: гашиш; trailer: прицеп; checkpoint: кпп;
consulate: консульство; icebreaker: ледокол атомоход; shipyard: верфь; physicist physics: физик
физика; academician: академик; potash potassium: калий калийный; capacity: мощность; stay:
пребывание; extend extended prolong: продлить продлит продлил продлен продление; acting: исполняющий
врио; speaker: спикер; decision: решение; policy: политика; key benchmark: ключевой базовый;
unchanged keep kept: сохранить сохранит сохранил оставить оставил; letter letters: письмо; malware
malicious: вредоносный; trojan: троян; attachment: вложение; archive: архив; fine penalty: штраф
пенальти; queue: очередь; ice icy: лед; lift lifted: снять снимет снял; gust wave: волна; parachute
paratroopers: десантник парашют; colonel: полковник; ceremony: церемония; winner: победитель;
semifinal: полуфинал; mayor: мэр; governor: губернатор аким; senator: сенатор; spokesman spokeswoman
spokesperson: представитель пресс-секретарь; negotiator: переговорщик; ceasefire truce: перемирие;
blockade: блокада; hostilities: боевой; airspace: воздушное; runway: полоса; derail derailed: сойти
сошел; collide collided collision: столкнуться столкнулся столкновение; capsize sank sink: затонуть
затонул; collapse collapsed: обрушиться обрушился обрушение; outage blackout: отключение отключить;
drought: засуха; epidemic outbreak: вспышка эпидемия; quarantine: карантин; measles: корь; cholera:
холера; wedding: свадьба; funeral: похороны; grave: могила; archaeologist archaeologists: археолог;
tomb: гробница; ancient: древний; manuscript: рукопись; painting: картина; auction: аукцион; jewel
jewels jewellery: драгоценность; treasure: клад сокровище; record: рекорд; marathon: марафон;
cyclist cycling: велогонка велосипедист; judo: дзюдо; weightlifting: тяжелый; swimmer: пловец; rower
rowing: гребля; goalkeeper: вратарь; draw: ничья вничью; referee: судья;
"""

_SILENT_ENGLISH: Final = """
a about above after again against all also am among an and any are as at be been before being
below between both but by can could did do does during each for from further had has have he
her here his how i if in into is it its itself just may might more most must near no nor not now
of off on one only or other our out over own per same she should since so some such than that
the their them then there these they this those through till to today tomorrow too toward under
until up upon very via was we were what when where which while who whom why will with within
without would yesterday yet you your said says say told tell added noted according reported
reports correspondent news agency tass belta monday tuesday wednesday thursday friday
saturday sunday january february march april june july august september october november december
including well many much made make take took part held hold place s mr mrs
"""
_SILENT_RUSSIAN: Final = """
а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже для до
его ее если есть еще же за здесь и из или им их к как ко когда кто ли либо между меня мне может мы
на над надо нам нас не него нее нет ни них но ну о об около он она они оно от очень по под после
при про раз с сам свой своей своих себя со среди так также такой там те тем то того тоже только том
тот ты у уже хотя чего чей чем через что чтобы эта эти это этого этой этом этот я который которая
которые которых которой сообщил сообщила сообщили сообщает сообщается заявил заявила отметил
отметила рассказал рассказала сказал сказала добавил подчеркнул словам данным будет будут тасс
белта корр
агентство новости сегодня завтра вчера понедельник вторник среда четверг пятница суббота
воскресенье января февраля марта апреля мая июня июля августа сентября октября ноября декабря
состоялся состоялась состоялось прошел прошла прошло пройдет ходе рамках участие
"""


def stem(normal_form: str) -> str:
    """Return the letters of a normal form that count; words of one meaning become one.

    >>> stem("drill") == stem("exercis") == stem("учен")
    True
    >>> stem("тасмагамбет")
    'тасма'
    """
    return _MEANING.get(normal_form) or normal_form[:LETTERS]


def _read() -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning in f"{_NAMES}{_FAR_NAMES}{_WORDS}{_RARER}".split(";"):
        words = Reading(meaning.replace(":", " ")).stems()
        for word in words:
            found.setdefault(word, f"={words[0]}")
    return found


_MEANING: Final = _read()
NAMED: Final = frozenset(_MEANING[form] for form in Reading(f"{_NAMES}{_FAR_NAMES}").stems())
"""Those of the meanings that are names: of countries, cities, organizations."""

MEANINGS: Final = frozenset(_MEANING.values())
"""What the words become: the same for all languages."""

COMMON: Final = MEANINGS - {_MEANING[form] for form in Reading(f"{_FAR_NAMES}{_RARER}").stems()}
"""Those of the meanings that stand in every other article of the field."""

SILENT: Final = frozenset(Reading(f"{_SILENT_ENGLISH} {_SILENT_RUSSIAN}").stems())
"""Normal forms that tell no story from another."""
