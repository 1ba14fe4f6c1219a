"""db.names: other spellings and cases of a name are found, strangers are not."""

from __future__ import annotations

import random
import re
import unicodedata
from itertools import product
from pathlib import Path
from pydoc_data.topics import topics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import names
from db.evaluate import evaluate
from db.model import Article, TextBasis, TitleBasis
from db.query import parse
from db.words import Reading, surfaces

# A person a line: basic forms, each of which must find all of the line, and behind = other cases.
# What is spelled by ear is missed, and those are the only ones: Abrahamyan, Toleberdiyev, Lammy,
# Lutnick, Graham, Coale, Mélenchon, Barrot, Costa, Michal, and what had a mark that the index has not.
PEOPLE = """
Tasmagambetov / Тасмагамбетов / Тасмағамбетов / =Тасмагамбетова / =Тасмагамбетову / =Тасмагамбетовым / =Тасмагамбетове / =Tasmagambetov's
Lukashenko / Лукашенко / Лукашэнка / Lukashenka / =Лукашэнкі / =Лукашэнку / =Лукашэнкам
Tokayev / Tokaev / Токаев / Тоқаев / Toqaev / Toqayev / Tokayeva / =Токаева / =Токаеву / =Токаевым / =Токаеве
Kassym-Jomart / Касым-Жомарт / Қасым-Жомарт / Kasym-Zhomart / Qasym-Jomart / Kassym-Zhomart / =Касым-Жомарта / =Касым-Жомарту / =Касым-Жомартом / =Касым-Жомарте
Japarov / Zhaparov / Жапаров / Dzhaparov / =Жапарова / =Жапаровым
Rahmon / Рахмон / Раҳмон / Rakhmon / =Рахмона / =Рахмону / =Рахмоном / =Рахмоне
Pashinyan / Пашинян / Pashinian / =Пашиняна / =Пашиняну / =Пашиняном / =Пашиняне
Masadykov / Масадыков / Massadykov / =Масадыкова / =Масадыковым
Putin / Путин / Пуцін / =Путина / =Путину / =Путиным / =Путине
Lavrov / Лавров / =Лаврова / =Лавровым
Zelensky / Zelenskyy / Zelenskiy / Зеленский / Зеленський / =Зеленского / =Зеленскому / =Зеленским / =Зеленском / =Зеленского
Shoigu / Shoygu / Шойгу
Mirziyoyev / Мирзиёев / =Мирзиёева / =Мирзиёевым
Berdimuhamedov / Berdimuhamedow / Бердымухамедов / Berdymukhamedov / =Бердымухамедова
Nazarbayev / Nazarbaev / Назарбаев / =Назарбаева
Aliyev / Aliev / Алиев / Әлиев / =Алиева / =Алиеву
Sargsyan / Sargsian / Саргсян / =Саргсяна
Zas / Зась / =Зася / =Засем / =Засю
Semerikov / Семериков / =Семерикова
Rizhenkov / Ryzhenkov / Рыженков / Рыжанкоў / Ryzhankou
Makei / Makey / Макей / =Макея / =Макею / =Макеем / =Макее
Aleinik / Aleynik / Алейник / =Алейника / =Алейником
Volfovich / Вольфович / Wolfowitsch / =Вольфовича / =Вольфовичем
Khrenin / Хренин / =Хренина
Golovchenko / Головченко / Галоўчанка / Halouchanka
Jeenbekov / Zheenbekov / Жээнбеков / =Жээнбекова
Atambayev / Атамбаев / Atambaev / =Атамбаева
Kulubayev / Кулубаев / Kulubaev
Sadyr / Садыр / =Садыра / =Садыру / =Садыром / =Садыре
Nikol / Никол / =Никола / =Николом
Emomali / Эмомали
Imangali / Имангали / Имангалий
Yerzhan / Erzhan / Ержан / =Ержана
Smadiyarov / Смадияров / =Смадиярова
Nurtleu / Нуртлеу
Zhaksylykov / Zhaxylykov / Jaqsylyqov / Жаксылыков
Kosanov / Kossanov / Косанов
Smailov / Смаилов / =Смаилову
Bektenov / Бектенов / Бектенова
Sergei / Sergey / Сергей / =Сергея / =Сергею / =Сергеем / =Сергее / Siarhei
Andrei / Andrey / Андрей / Andrej / =Андрея / =Андреем
Yuri / Yury / Юрий / Yuriy / Yurii / =Юрия / =Юрию / =Юрием / =Юрии
Dmitry / Dmitri / Dmitriy / Дмитрий / =Дмитрия / =Дмитрием / Дзмітрый
Alexander / Aleksandr / Alexandr / Александр / =Александра / =Александру / =Александром
Viktor / Victor / Виктор / =Виктору / Віктор
Mikhail / Михаил / Міхаіл / =Михаила
Natalya / Наталья / =Натальи / =Наталье / =Наталью / =Натальей
Maria / Мария / Mariya / =Марии / =Марию / =Марией
Natalia / Наталия / =Наталию
Ilya / Илья / =Ильи / =Илье / =Илью / =Ильей
Kuleba / Кулеба / =Кулебы / =Кулебе / =Кулебу / =Кулебой
Zakharova / Захарова / Zakharova / =Захаровой / =Захарову
Tikhanovskaya / Tsikhanouskaya / Тихановская / Ціханоўская / =Тихановской / =Тихановскую
Matviyenko / Matvienko / Матвиенко / Матвієнко
Medvedev / Медведев / =Медведевым
Gerasimov / Герасимов
Belousov / Белоусов / =Белоусову
Yevkurov / Evkurov / Евкуров
Peskov / Песков / =Пескова
Patrushev / Патрушев
Volodin / Володин / =Володина / =Володиным
Khrushchev / Хрущёв / Хрущев
Gorbachev / Горбачёв / Gorbachyov / =Горбачёва / =Горбачевым
Yermak / Ermak / Ермак / =Ермака / =Ермаком
Poroshenko / Порошенко
Yanukovych / Янукович / =Януковича / Yanukovich
Tolstoy / Tolstoi / Толстой / =Толстого / =Толстому / =Толстым / =Толстом
Erdogan / Erdoğan / Эрдоган / =Эрдогана / =Эрдоганом
Orban / Orbán / Орбан / =Орбана
Grigoryan / Grigorian / Григорян / =Григоряна
Papikyan / Папикян
Mirzoyan / Мирзоян / =Мирзояна
Karasin / Карасин
Pavel / Павел / =Павла / =Павлу / =Павлом / =Павле
Nikolay / Nikolai / Николай / =Николая / =Николаем / =Николае
Igor / Игорь / =Игоря / =Игорем
Yevgeny / Evgeny / Evgenii / Евгений / =Евгения / =Евгением
Alexey / Aleksei / Алексей / =Алексея
Kairat / Qairat / Кайрат / =Кайрата
Bauyrzhan / Бауыржан
Dauren / Даурен
Zhumangarin / Jumangarin / Жумангарин
Yessimov / Esimov / Есимов
Abdrakhmanov / Абдрахманов
Abykaev / Абыкаев / Abykayev
Gurbanguly / Гурбангулы
Serdar / Сердар / =Сердара
Shavkat / Шавкат / =Шавката
Ilham / Ильхам / =Ильхама
Taimuraz / Таймураз / =Таймураза
Mamedyarov / Мамедъяров
Solovyov / Solovyev / Соловьёв / Соловьев
Pyotr / Petr / Пётр
Fyodor / Fedor / Фёдор / =Фёдора
Kolokoltsev / Колокольцев / =Колокольцева
Tsepkalo / Цепкало
Yakovlev / Яковлев / Iakovlev
Zyuganov / Зюганов / Ziuganov
Lyashko / Ляшко / Liashko
Shmyhal / Shmygal / Шмыгаль
Kiriyenko / Kirienko / Кириенко
Tsoi / Tsoy / Цой / =Цоя / =Цою
Kim / Ким / =Кима / =Киму / =Кимом
Ashirov / Аширов
Khojaev / Ходжаев
Muhriddin / Мухриддин / Mukhriddin / =Мухриддина
Sirojiddin / Сироджиддин
Mustafaev / Мустафаев / Mustafayev
Japarbek / Жапарбек
Tashiev / Ташиев / Tashiyev / =Ташиева
Kasymaliev / Касымалиев / Kasymaliyev
Jamankulov / Джаманкулов / Zhamankulov / Жаманкулов
Lebedev / Лебедев
Shuvalov / Шувалов
Ushakov / Ушаков
Rybakov / Рыбаков
Naryshkin / Нарышкин / =Нарышкина
Bortnikov / Бортников
Kadyrov / Кадыров / =Кадырову
Dzhabrailov / Джабраилов / Jabrailov
Yusupov / Юсупов / Iusupov
Shcherbakov / Щербаков / =Щербакова
Chernyshenko / Чернышенко
Chubais / Чубайс / =Чубайса
Kochanova / Кочанова
Snopkov / Снопков
Krutoy / Крутой / =Крутого
Sivak / Сивак
Gulmira / Гульмира / =Гульмиры / =Гульмиру / =Гульмирой
Zarina / Зарина / =Зарины
Grigorenko / Григоренко
Rakhimov / Rahimov / Рахимов / =Рахимову
Nurgaliyev / Nurgaliev / Нургалиев
Bordyuzha / Бордюжа / =Бордюжи / =Бордюжу / =Бордюжей
Khachaturov / Хачатуров
Valery / Valeriy / Валерий / =Валерия / =Валерием
Bekbolotov / Бекболотов
Amangeldiev / Amangeldiyev / Амангельдиев
Simonyan / Simonian / Симонян / =Симоняна
Semashko / Семашко
Shulgan / Шульган / =Шульгана
Petrishenko / Петришенко
Natallia / Наталья
Aliaksandr / Аляксандр / Александр
Volodymyr / Володимир
Zaluzhny / Zaluzhnyi / Залужный / =Залужного / =Залужному / =Залужным
Syrskyi / Syrsky / Сырский / =Сырского
Stefanchuk / Стефанчук / =Стефанчуком
Klitschko / Klychko / Кличко
Tymoshenko / Тимошенко / Timoshenko
Yushchenko / Ющенко / Iushchenko
Zhirinovsky / Zhirinovskiy / Жириновский / =Жириновским
Gryzlov / Грызлов / =Грызлова
Vyacheslav / Viacheslav / Вячеслав / =Вячеслава
Vaino / Vayno / Вайно
Shchegolev / Щёголев / =Щёголева
Myasnikovich / Мясникович
Andreichenko / Андрейченко
Rumas / Румас / =Румаса / =Румасу
Yermoshina / Ermoshina / Ермошина / =Ермошиной
Eismont / Эйсмонт / =Эйсмонта
Karayev / Karaev / Караев
Zaitsev / Zaytsev / Зайцев / =Зайцева
Sheiman / Шейман / =Шейманом
Dapkiunas / Dapkyunas / Дапкюнас
Ilyukhin / Илюхин
Tsvetkov / Цветков
Dzyuba / Дзюба / =Дзюбе
Mirziyoyeva / Мирзиёева / =Мирзиёевой
Bayramov / Bairamov / Байрамов
Heydar / Гейдар
Pezeshkian / Пезешкиан / =Пезешкиана
Araghchi / Арагчи
Fidan / Фидан / =Фидана
Kobakhidze / Кобахидзе
Sandu / Санду
Rutte / Рютте
Meredov / Мередов
Mahmadzoda / Makhmadzoda / Махмадзода
Sherali / Шерали
Kanatbek / Канатбек / =Канатбека
Ismailov / Ismayilov / Исмаилов
Zhanat / Жанат / Janat
Olzhas / Олжас / Oljas / =Олжаса
Bektenov / Бектенов
Suleimenov / Suleymenov / Сулейменов
Sagintayev / Сагинтаев
Akhmetzhan / Ахметжан / =Ахметжана
Yermek / Ермек / Ermek
Shukeyev / Шукеев / Shukeev
Dariga / Дарига / =Дариги / =Даригу
Kelimbetov / Келимбетов
Qoshanov / Кошанов / Қошанов
Nurzhigit / Нуржигит
Aigul / Айгуль / Aygul
Gulshat / Гульшат
Ainura / Айнура / =Айнуры
Bishimbayev / Бишимбаев
Azhar / Ажар
Jaqsybekov / Жаксыбеков / Zhaksybekov
Beibit / Бейбит
Ashimbayev / Ашимбаев
Vartan / Вартан
Samvel / Самвел / =Самвела
Karapetyan / Карапетян / =Карапетяном
Tonoyan / Тоноян
Harutyunyan / Арутюнян
Abrahamyan / Абрамян
Movsisyan / Мовсисян
Nalbandyan / Nalbandian / Налбандян
Kocharyan / Кочарян / Kocharian
Sarkisyan / Саркисян / =Саркисяну
Ter-Petrosyan / Тер-Петросян
Rogov / Рогов
Zaynulobudin / Зайнулобудин
Kalandarzoda / Каландарзода
Ruzimurod / Рузимурод
Shoimov / Шоимов
Bobozoda / Бобозода
Hikmatullozoda / Хикматуллозода
Abdulloev / Абдуллоев / Abdulloyev
Aslonov / Аслонов
Khudoyberdiyev / Худойбердиев
Vucic / Vučić / Vuchich / Вучич / =Вучича / =Вучичу / =Вучичем / =Вучиче
Brnabic / Brnabić / Брнабич / =Брнабича / =Брнабичу / =Брнабичем / =Брнабиче
Dacic / Dačić / Дачич / =Дачича / =Дачичу / =Дачичем / =Дачиче
Dodik / Додик / =Додика / =Додику / =Додиком / =Додике
Vulin / Вулин / =Вулина / =Вулину / =Вулиным / =Вулине
Macut / Мацут / =Мацута / =Мацуту / =Мацутом / =Мацуте
Oreshnik / Орешник / =Орешника / =Орешнику / =Орешником / =Орешнике
Krutikhin / Крутихин / =Крутихина / =Крутихину / =Крутихиным / =Крутихине
Weiner / Вайнер / =Вайнера / =Вайнеру / =Вайнером / =Вайнере
Erhurman / Erhürman / Эрхюрман / =Эрхюрмана / =Эрхюрману / =Эрхюрманом / =Эрхюрмане
Raisi / Raeisi / Раиси
Khamenei / Хаменеи
Larijani / Лариджани
Ghalibaf / Qalibaf / Галибаф / =Галибафа / =Галибафу / =Галибафом / =Галибафе
Zarif / Зариф / =Зарифа / =Зарифу / =Зарифом / =Зарифе
Wang / Ван
Jinping / Цзиньпин / =Цзиньпина / =Цзиньпину / =Цзиньпином / =Цзиньпине
Li / Ли
Assad / Асад / =Асада / =Асаду / =Асадом / =Асаде
Sharaa / Шараа
Salman / Сальман / =Сальмана / =Сальману / =Сальманом / =Сальмане
Zayed / Zaid / Заид / =Заида / =Заиду / =Заидом / =Заиде
Tamim / Тамим / =Тамима / =Тамиму / =Тамимом / =Тамиме
Sisi / Сиси
Muttaqi / Муттаки
Akhundzada / Ахундзада
Karzai / Карзай / =Карзая / =Карзаю / =Карзаем / =Карзае
Sharif / Шариф / =Шарифа / =Шарифу / =Шарифом / =Шарифе
Modi / Моди
Murmu / Мурму
Takaichi / Такаити
Szijjarto / Szijjártó / Сийярто
Fico / Фицо
Tusk / Туск / =Туска / =Туску / =Туском / =Туске
Nawrocki / Навроцкий / =Навроцкого / =Навроцкому / =Навроцким / =Навроцком
Sikorski / Сикорский / =Сикорского / =Сикорскому / =Сикорским / =Сикорском
Duda / Дуда / =Дуды / =Дуде / =Дуду / =Дудой
Nauseda / Науседа / =Науседы / =Науседе / =Науседу / =Науседой
Macron / Макрон / =Макрона / =Макрону / =Макроном / =Макроне
Merz / Мерц / =Мерца / =Мерцу / =Мерцом / =Мерце
Scholz / Шольц / =Шольца / =Шольцу / =Шольцом / =Шольце
Meloni / Мелони
Starmer / Стармер / =Стармера / =Стармеру / =Стармером / =Стармере
Kallas / Каллас
Babis / Babiš / Бабиш / =Бабиша / =Бабишу / =Бабишом / =Бабише
Radev / Радев / =Радева / =Радеву / =Радевым / =Радеве
Kamyshev / Камышев / =Камышева / =Камышеву / =Камышевым / =Камышеве
Turchin / Турчин / =Турчина / =Турчину / =Турчиным / =Турчине
Ryzhenko / Рыженко
Krupko / Крупко
Shlegel / Шлегель / =Шлегеля / =Шлегелю / =Шлегелем / =Шлегеле
Shpilevskaya / Шпилевская / =Шпилевской / =Шпилевскую
Shvedov / Шведов / =Шведова / =Шведову / =Шведовым / =Шведове
Daineko / Dayneko / Дайнеко
Karpenkov / Карпенков / =Карпенкова / =Карпенкову / =Карпенковым / =Карпенкове
Muraveiko / Muraveyko / Муравейко
Tertel / Тертель / =Тертеля / =Тертелю / =Тертелем / =Тертеле
Kubrakov / Кубраков / =Кубракова / =Кубракову / =Кубраковым / =Кубракове
Ambrazevich / Амбразевич / =Амбразевича / =Амбразевичу / =Амбразевичем / =Амбразевиче
Burak / Бурак / =Бурака / =Бураку / =Бураком / =Бураке
Zhumaliev / Jumaliev / Жумалиев / =Жумалиева / =Жумалиеву / =Жумалиевым / =Жумалиеве
Mamytov / Мамытов / =Мамытова / =Мамытову / =Мамытовым / =Мамытове
Torobaev / Torobayev / Торобаев / =Торобаева / =Торобаеву / =Торобаевым / =Торобаеве
Sariev / Sariyev / Сариев / =Сариева / =Сариеву / =Сариевым / =Сариеве
Alimbekov / Алимбеков / =Алимбекова / =Алимбекову / =Алимбековым / =Алимбекове
Kasymbekov / Касымбеков / =Касымбекова / =Касымбекову / =Касымбековым / =Касымбекове
Imanaliev / Imanaliyev / Иманалиев / =Иманалиева / =Иманалиеву / =Иманалиевым / =Иманалиеве
Tursunkulov / Турсункулов / =Турсункулова / =Турсункулову / =Турсункуловым / =Турсункулове
Isabekov / Исабеков / =Исабекова / =Исабекову / =Исабековым / =Исабекове
Toleberdiyev / Tuleberdiev / Тулебердиев / =Тулебердиева / =Тулебердиеву / =Тулебердиевым / =Тулебердиеве
Khassenov / Khasenov / Хасенов / =Хасенова / =Хасенову / =Хасеновым / =Хасенове
Shaimerdenov / Шаймерденов / =Шаймерденова / =Шаймерденову / =Шаймерденовым / =Шаймерденове
Balayeva / Balaeva / Балаева / =Балаевой / =Балаеву
Aimagambetov / Аимагамбетов / =Аимагамбетова / =Аимагамбетову / =Аимагамбетовым / =Аимагамбетове
Saparbayev / Saparbaev / Сапарбаев / =Сапарбаева / =Сапарбаеву / =Сапарбаевым / =Сапарбаеве
Rasulzoda / Расулзода
Sobirzoda / Собирзода
Emomalizoda / Эмомализода
Nematov / Нематов / =Нематова / =Нематову / =Нематовым / =Нематове
Norov / Норов / =Норова / =Норову / =Норовым / =Норове
Saidov / Саидов / =Саидова / =Саидову / =Саидовым / =Саидове
Aripov / Арипов / =Арипова / =Арипову / =Ариповым / =Арипове
Kadyrkulov / Кадыркулов / =Кадыркулова / =Кадыркулову / =Кадыркуловым / =Кадыркулове
Serdyukov / Serdiukov / Сердюков / =Сердюкова / =Сердюкову / =Сердюковым / =Сердюкове
Anisimov / Анисимов / =Анисимова / =Анисимову / =Анисимовым / =Анисимове
Sidorenko / Сидоренко
Avdalyan / Avdalian / Авдалян / =Авдаляна / =Авдаляну / =Авдаляном / =Авдаляне
Safarov / Сафаров / =Сафарова / =Сафарову / =Сафаровым / =Сафарове
Gasimov / Gasymov / Гасымов / =Гасымова / =Гасымову / =Гасымовым / =Гасымове
Jabbarov / Джаббаров / =Джаббарова / =Джаббарову / =Джаббаровым / =Джаббарове
Asadov / Асадов / =Асадова / =Асадову / =Асадовым / =Асадове
Kavelashvili / Кавелашвили
Ivanishvili / Иванишвили
Zourabichvili / Zurabishvili / Зурабишвили
Papuashvili / Папуашвили
Khachaturyan / Khachaturian / Хачатурян / =Хачатуряна / =Хачатуряну / =Хачатуряном / =Хачатуряне
Ovchinin / Овчинин / =Овчинина / =Овчинину / =Овчининым / =Овчинине
Dyumin / Diumin / Дюмин / =Дюмина / =Дюмину / =Дюминым / =Дюмине
Medynsky / Medinsky / Медынский / =Медынского / =Медынскому / =Медынским / =Медынском
Mishustin / Мишустин / =Мишустина / =Мишустину / =Мишустиным / =Мишустине
Overchuk / Оверчук / =Оверчука / =Оверчуку / =Оверчуком / =Оверчуке
Vershinin / Вершинин / =Вершинина / =Вершинину / =Вершининым / =Вершинине
Galuzin / Галузин / =Галузина / =Галузину / =Галузиным / =Галузине
Rudko / Рудько
Dmitriev / Dmitriyev / Дмитриев / =Дмитриева / =Дмитриеву / =Дмитриевым / =Дмитриеве
Nebenzya / Nebenzia / Небензя / =Небензи / =Небензе / =Небензю / =Небензей
Witkoff / Уиткофф / =Уиткоффа / =Уиткоффу / =Уиткоффом / =Уиткоффе
Rubio / Рубио
Coale / Коул / =Коула / =Коулу / =Коулом / =Коуле
Guterres / Гутерриш / =Гутерриша / =Гутерришу / =Гутерришом / =Гутеррише
Vance / Вэнс / =Вэнса / =Вэнсу / =Вэнсом / =Вэнсе
Nabiullina / Набиуллина / =Набиуллиной / =Набиуллину
Siluanov / Силуанов / =Силуанова / =Силуанову / =Силуановым / =Силуанове
Kolesnikova / Kalesnikava / Колесникова / =Колесниковой / =Колесникову / =Калеснікава
Bialiatski / Byalyatski / Беляцкий / =Беляцкого / =Беляцкому / =Беляцким / =Беляцком / =Бяляцкі
Kosherbayev / Kosherbaev / Кошербаев / =Кошербаева / =Кошербаеву / =Кошербаевым / =Кошербаеве
Sklyar / Скляр / =Скляра / =Скляру / =Скляром / =Скляре
Turgunbek / Тургунбек
Hajiyev / Hajiev / Гаджиев / =Гаджиева / =Гаджиеву / =Гаджиевым / =Гаджиеве
Sybiha / Сибига / =Сибиги / =Сибиге / =Сибигу / =Сибигой / =Сибіга
Umerov / Умеров / =Умерова / =Умерову / =Умеровым / =Умерове / =Умєров
Svyrydenko / Sviridenko / Свириденко
Budanov / Буданов / =Буданова / =Буданову / =Будановым / =Буданове
Fedorov / Фёдоров / =Фёдорова / =Фёдорову / =Фёдоровым / =Фёдорове / =Федоров / =Федорова / =Федорову / =Федоровым / =Федорове
Popșoi / Popsoi / Попшой
Recean / Речан / =Речана / =Речану / =Речаном / =Речане
Munteanu / Мунтяну
Grosu / Гросу
Lammy / Лэмми
Cooper / Купер / =Купера / =Куперу / =Купером / =Купере
Costa / Кошта / =Кошты
Metsola / Метсола / =Метсолы
Pistorius / Писториус / =Писториуса / =Писториусу / =Писториусом / =Писториусе
Wadephul / Вадефуль
Klingbeil / Клингбайль
Steinmeier / Штайнмайер / =Штайнмайера / =Штайнмайеру / =Штайнмайером / =Штайнмайере
Lecornu / Лекорню
Barrot / Барро
Bayrou / Байру
Bardella / Барделла / =Барделлы
Mélenchon / Melenchon / Меланшон / =Меланшона / =Меланшону / =Меланшоном / =Меланшоне
Tajani / Таяни
Mattarella / Маттарелла / =Маттареллу
Albares / Альбарес / =Альбареса / =Альбаресу / =Альбаресом / =Альбаресе
Sánchez / Sanchez / Санчес / =Санчеса / =Санчесу / =Санчесом / =Санчесе
Kosiniak-Kamysz / Косиняк-Камыш / =Косиняк-Камышем
Magyar / Мадьяр / =Мадьяра / =Мадьяру / =Мадьяром / =Мадьяре
Lipavský / Lipavsky / Липавский / =Липавского / =Липавскому / =Липавским / =Липавском
Landsbergis / Ландсбергис / =Ландсбергиса / =Ландсбергису / =Ландсбергисом / =Ландсбергисе
Budrys / Будрис / =Будриса / =Будрису / =Будрисом / =Будрисе
Rinkēvičs / Rinkevics / Ринкевич / =Ринкевичем
Braže / Braze / Браже
Michal / Михал / =Михала / =Михалу / =Михалом / =Михале
Tsahkna / Цахкна / =Цахкны
Stubb / Стубб / =Стубба / =Стуббу / =Стуббом / =Стуббе
Orpo / Орпо
Valtonen / Валтонен / =Валтонена / =Валтонену / =Валтоненом / =Валтонене
Kristersson / Кристерссон / =Кристерссона / =Кристерссону / =Кристерссоном / =Кристерссоне
Frederiksen / Фредериксен
Støre / Stoere / Store / Стёре / =Стере
Mitsotakis / Мицотакис / =Мицотакиса / =Мицотакису / =Мицотакисом / =Мицотакисе
Plenković / Plenkovic / Пленкович / =Пленковича / =Пленковичу / =Пленковичем / =Пленковиче
Kurti / Курти
Osmani / Османи
Bolojan / Боложан / =Боложана / =Боложану / =Боложаном / =Боложане
Dan / Дан / =Дана / =Дану / =Даном / =Дане
Cassis / Кассис / =Кассиса / =Кассису / =Кассисом / =Кассисе
Keller-Sutter / Келлер-Зуттер
Parolin / Паролин / =Паролина / =Паролину / =Паролином / =Паролине
Qiang / Цян / =Цяна
Ishiba / Исиба / =Исибы
Motegi / Мотэги
Jaishankar / Джайшанкар / =Джайшанкара / =Джайшанкару / =Джайшанкаром / =Джайшанкаре
Doval / Довал / =Довалом
Dar / Дар / =Дара / =Дару / =Даром / =Даре
Munir / Muneer / Мунир / =Мунира / =Муниру / =Муниром / =Мунире
Yunus / Юнус / =Юнуса / =Юнусу / =Юнусом / =Юнусе
Anutin / Анутин / =Анутина / =Анутину / =Анутином / =Анутине
Ramaphosa / Рамафоса / =Рамафосы
Prabowo / Прабово
Marcos / Маркос / =Маркоса / =Маркосу / =Маркосом / =Маркосе
Anwar / Анвар / =Анвара / =Анвару / =Анваром / =Анваре
Albanese / Албанезе / =Альбанезе
Güler / Guler / Гюлер / =Гюлера / =Гюлеру / =Гюлером / =Гюлере
Kalın / Kalin / Калын / =Калына / =Калыну / =Калыном / =Калыне
İmamoğlu / Imamoglu / Имамоглу
Netanyahu / Нетаньяху
Sa'ar / Saar / Саар / =Саара / =Саару / =Сааром / =Сааре
Herzog / Герцог / =Герцога / =Герцогу / =Герцогом / =Герцоге
Katz / Кац / =Каца / =Кацу / =Кацом / =Каце
Gallant / Галант / =Галанта / =Галанту / =Галантом / =Галанте
Salam / Салам / =Салама / =Саламу / =Саламом / =Саламе
Aoun / Аун / =Ауна / =Ауну / =Ауном / =Ауне
Safadi / Сафади
Haftar / Хафтар / =Хафтара / =Хафтару / =Хафтаром / =Хафтаре
Dbeibah / Дбейба / =Дбейбы
Haqqani / Хаккани
Hegseth / Хегсет / =Хегсета / =Хегсету / =Хегсетом / =Хегсете
Kellogg / Келлог / =Келлога / =Келлогу / =Келлогом / =Келлоге
Bessent / Бессент / =Бессента / =Бессенту / =Бессентом / =Бессенте
Lutnick / Лютник / =Лютника / =Лютнику / =Лютником / =Лютнике / =Латник / =Латника / =Латнику / =Латником / =Латнике
Kushner / Кушнер / =Кушнера / =Кушнеру / =Кушнером / =Кушнере
Waltz / Уолц / =Уолца / =Уолцу / =Уолцом / =Уолце
Leavitt / Левитт / =Ливитт
Graham / Грэм / =Грэма / =Грэму / =Грэмом / =Грэме / =Грэхем / =Грэхема / =Грэхему / =Грэхемом / =Грэхеме
Driscoll / Дрисколл / =Дрисколла / =Дрисколлу / =Дрисколлом / =Дрисколле
Caine / Кейн / =Кейна / =Кейну / =Кейном / =Кейне
Carney / Карни
Anand / Ананд
Sheinbaum / Шейнбаум
Milei / Милей / =Милеем / =Милея
Lula / Лула / =Лулой
Petro / Петро
Maduro / Мадуро
Machado / Мачадо
Noboa / Нобоа
Boric / Борич / =Борича / =Боричу / =Боричем / =Бориче
Grossi / Гросси
Türk / Turk / Тюрк / =Тюрка / =Тюрку / =Тюрком / =Тюрке
Tedros / Тедрос
Georgieva / Георгиева / =Георгиевой / =Георгиеву
Lagarde / Лагард
Rybakina / Рыбакина / =Рыбакиной / =Рыбакину
Sabalenka / Соболенко / =Сабаленка
Azarenka / Азаренко
Shevchenko / Шевченко
Shymkovich / Шимкович / =Шимковича / =Шимковичу / =Шимковичем / =Шимковиче
Djokovic / Джокович / =Джоковича / =Джоковичу / =Джоковичем / =Джоковиче
Sinner / Синнер / =Синнера / =Синнеру / =Синнером / =Синнере
Alcaraz / Алькарас / =Алькараса / =Алькарасу / =Алькарасом / =Алькарасе
Rublev / Рублёв / =Рублёва / =Рублёву / =Рублёвым / =Рублёве / =Рублев / =Рублева / =Рублеву / =Рублевым / =Рублеве
Bublik / Бублик / =Бублика / =Бублику / =Бубликом / =Бублике
Swiatek / Świątek / Свёнтек / =Свентек
Usyk / Усик / =Усика / =Усику / =Усиком / =Усике
Bivol / Бивол / =Бивола / =Биволу / =Биволом / =Биволе
Beterbiev / Бетербиев / =Бетербиева / =Бетербиеву / =Бетербиевым / =Бетербиеве
Golovkin / Головкин / =Головкина / =Головкину / =Головкиным / =Головкине
Makhachev / Махачев / =Махачева / =Махачеву / =Махачевым / =Махачеве
Ovechkin / Овечкин / =Овечкина / =Овечкину / =Овечкиным / =Овечкине
Kaprizov / Капризов / =Капризова / =Капризову / =Капризовым / =Капризове
Pogacar / Pogačar / Погачар / =Погачара
Bolshunov / Большунов / =Большунова / =Большунову / =Большуновым / =Большунове
Nepomniachtchi / Nepomnyashchy / Непомнящий / =Непомнящего / =Непомнящим
Carlsen / Карлсен / =Карлсена / =Карлсену / =Карлсеном / =Карлсене
Gukesh / Гукеш / =Гукешем
Assaubayeva / Assaubaeva / Асаубаева / =Асаубаевой / =Асаубаеву
Mbappé / Mbappe / Мбаппе
Haaland / Холанд / =Холанда / =Холанду / =Холандом / =Холанде
Lewandowski / Левандовский / =Левандовского / =Левандовскому / =Левандовским / =Левандовском
Kvaratskhelia / Кварацхелия / =Кварацхелии
Safonov / Сафонов / =Сафонова / =Сафонову / =Сафоновым / =Сафонове
Lunin / Лунин / =Лунина / =Лунину / =Луниным / =Лунине
"""
STRANGERS = """
Токаев / Токарев, ток, Токаевский, Токай, таков, Такаев
Рахмон / Рахман, Рахмонов, Рахманинов, Рамон
Лукашенко / Лукашевич, Лукаш, Лукашин, лукошко
Путин / путь, Распутин, Путинцев, пути, putting, Путинский
Си / see, she
Туск / task
Митин / meeting
Петров / Петровский, Петренко, Петрович, Petrovsky
Алиев / Alimov, Валиева
Жапаров / Сапаров, Жакаров, Жаров, Шапаров
Пашинян / Пашин, Кашинян, Машинян
Масадыков / Садыков, Масадов
Тасмагамбетов / Магамбетов, Тасмагамбет
Касым / Касымов, Касьян
Макей / make, мак
Вучич / Вучетич, Вучков, Вукич, Вуйчич
Иванов / Ивановский, Иванович, Иваненко, Иван
Рахимов / Рахмонов, Рахманов, Ибрагимов
Садыков / Масадыков, Садовников, Сидоров
Муттаки / мутация, мутант
Ван / Иван, Вано
Заид / Саид, заезд
Арипов / Архипов, Аристов
Юрий / ура, Юра, Юрьев
Илья / Иль
Ким / кино, Кимов
Кулеба / Кулебов, Кулебякин
Матвиенко / Матвеенко
Петренко / патронка
Орлов / орел
Зась / засада
Никол / Николай, Николаев
Ян / an, Янов
Мария / Марат, Марьин
Тарасов / Тарас
Минск / Минский
Волков / волк
Медведев / медведь
Зайцев / заяц
Карпов / Карп
Сергей / Сергеев
Садыр / сад
Алиев / Алимов, Валиев, Алев
Кадыров / Садыров
Nazarbayev / Назаров
Rahmon / Roman, ramen
Putin / put, pudding
Shoigu / shop
Orban / urban
Kim / came
Coale / coal
Бен / bean
"""


def lines(table: str) -> list[list[str]]:
    """Return the rows of a table, cut at the slashes."""
    return [re.split(r"\s*/\s*", line) for line in table.strip().splitlines()]


def meet(asked: str, text: str) -> bool:
    """Tell whether a text in which a name stands meets a query for it."""
    article = Article(
        url=None, source="tass", title="", title_basis=TitleBasis.PAGE,
        text=f"Вчера {text} said", text_basis=TextBasis.PAGE,
    )  # fmt: skip
    return evaluate(parse(f'~"{asked}"'), article) is not None


def test_names_are_found_in_either_script_and_in_all_cases() -> None:
    """Of the pairs (one spelling asked for, another one or a case in the text) 98 % meet."""
    pairs = [
        (asked, text.removeprefix("="))
        for row in lines(PEOPLE)
        for asked, text in product(row, row)
        if not asked.startswith("=")
    ]
    missed = [pair for pair in pairs if not meet(*pair)]
    assert len(lines(PEOPLE)) > 430
    assert len(pairs) > 5_000
    assert len(missed) <= 0.02 * len(pairs), missed
    assert len(missed) == 94, missed


@pytest.mark.parametrize(
    "name",
    [
        "Тасмагамбетов", "Токаев", "Жапаров", "Масадыков", "Путин", "Рахмон", "Пашинян",
        "Касым-Жомарт",
    ],
)  # fmt: skip
def test_all_six_cases_of_the_names_of_the_card(name: str) -> None:
    """Nominative, genitive, dative, accusative, instrumental, prepositional; and the feminine."""
    family = name.endswith(("ов", "ев", "ин"))
    endings = ["", "а", "у", "ым" if family else "ом", "е"]
    if family:
        endings += ["ой", "ы", "ых"]
    for asked, text in product([name, surfaces(name).upper()], [name + end for end in endings]):
        assert meet(asked, text), (asked, text)


@pytest.mark.parametrize("row", lines(STRANGERS), ids=lambda row: row[0])
def test_strangers_are_not_found(row: list[str]) -> None:
    """Names and words that are alike for the eye are told apart, whichever is asked for."""
    asked, others = row
    for other in others.split(", "):
        assert not meet(asked, other), (asked, other)


ROOTS = [
    "бел",
    "берег",
    "бо",
    "борь",
    "бр",
    "буд",
    "вед",
    "век",
    "вер",
    "вес",
    "вид",
    "вод",
    "воз",
    "вол",
    "вор",
    "врем",
    "год",
    "голов",
    "голос",
    "гор",
    "город",
    "граждан",
    "грани",
    "груз",
    "дав",
    "дал",
    "двер",
    "дел",
    "день",
    "дерев",
    "добр",
    "дол",
    "дом",
    "дорог",
    "друг",
    "дум",
    "дух",
    "един",
    "жар",
    "жив",
    "жизн",
    "завод",
    "закон",
    "земл",
    "зим",
    "знак",
    "знан",
    "игр",
    "изб",
    "искус",
    "истор",
    "кам",
    "книг",
    "ключ",
    "кол",
    "команд",
    "комисс",
    "конец",
    "корабл",
    "край",
    "красн",
    "круг",
    "культур",
    "лес",
    "лет",
    "лист",
    "лиц",
    "луч",
    "люб",
    "маршрут",
    "мат",
    "мест",
    "мест",
    "мин",
    "мир",
    "молод",
    "мор",
    "мост",
    "мощ",
    "наблюд",
    "народ",
    "наук",
    "нефт",
    "нов",
    "нос",
    "нужд",
    "обед",
    "образ",
    "общ",
    "огн",
    "окн",
    "опас",
    "оруж",
    "осен",
    "остр",
    "отряд",
    "ох",
    "пад",
    "памят",
    "пар",
    "пер",
    "перв",
    "песн",
    "плав",
    "план",
    "под",
    "пожар",
    "пол",
    "помощ",
    "порт",
    "посл",
    "прав",
    "прост",
    "пут",
    "пыл",
    "рабоч",
    "рад",
    "раз",
    "рек",
    "реч",
    "род",
    "рос",
    "рук",
    "рын",
    "ряд",
    "сам",
    "свет",
    "связ",
    "сел",
    "сем",
    "сил",
    "скор",
    "слов",
    "служ",
    "смен",
    "снег",
    "собр",
    "совет",
    "согл",
    "солн",
    "сон",
    "союз",
    "сред",
    "стар",
    "степ",
    "стол",
    "сторон",
    "страх",
    "стро",
    "суд",
    "счет",
    "таин",
    "тверд",
    "темп",
    "техн",
    "тих",
    "товар",
    "толп",
    "торг",
    "точ",
    "трав",
    "труд",
    "туман",
    "тяж",
    "угол",
    "удар",
    "уж",
    "узор",
    "улиц",
    "урок",
    "уч",
    "фонд",
    "форм",
    "хлеб",
    "ход",
    "хозяй",
    "холод",
    "храм",
    "цвет",
    "цел",
    "цен",
    "центр",
    "цеп",
    "час",
    "част",
    "чел",
    "черн",
    "числ",
    "чист",
    "шаг",
    "шир",
    "школ",
    "шум",
    "энерг",
    "юг",
    "явл",
    "язык",
    "ярк",
]
BEFORE = [
    "",
    "",
    "",
    *[
        "без",
        "в",
        "вз",
        "вы",
        "до",
        "за",
        "из",
        "на",
        "над",
        "о",
        "об",
        "от",
        "пере",
        "по",
        "под",
        "пре",
        "при",
        "про",
        "раз",
        "с",
        "у",
    ],
]
AFTER = [
    "ок",
    "ник",
    "ств",
    "ост",
    "ан",
    "ян",
    "ин",
    "тель",
    "чик",
    "щик",
    "ец",
    "ист",
    "изм",
    "ен",
    "еб",
    "арь",
    "ач",
    "ун",
    "ль",
    "н",
    "ов",
    "ев",
    "ск",
    "ческ",
    "лив",
    "чив",
    "ат",
    "ит",
    "ива",
    "ыва",
    "ова",
    "ну",
    "а",
    "и",
    "е",
    "я",
]
ENDINGS = [
    "а",
    "у",
    "ом",
    "е",
    "ы",
    "ов",
    "ам",
    "ами",
    "ах",
    "ой",
    "ую",
    "ый",
    "ого",
    "ому",
    "ым",
    "ая",
    "ое",
    "ые",
    "ых",
    "ыми",
    "ть",
    "л",
    "ла",
    "ло",
    "ли",
    "ю",
    "ешь",
    "ет",
    "ем",
    "ете",
    "ут",
    "ющий",
    "вший",
    "в",
    "ся",
]
ENGLISH = [
    "act",
    "add",
    "air",
    "art",
    "ask",
    "back",
    "ball",
    "bank",
    "bear",
    "build",
    "call",
    "care",
    "carr",
    "clear",
    "close",
    "cold",
    "cook",
    "count",
    "cover",
    "cross",
    "cut",
    "deal",
    "direct",
    "draw",
    "drink",
    "drive",
    "eat",
    "end",
    "fair",
    "fall",
    "farm",
    "fill",
    "fire",
    "fish",
    "fix",
    "form",
    "found",
    "free",
    "gain",
    "give",
    "glass",
    "gold",
    "grass",
    "great",
    "green",
    "ground",
    "grow",
    "guard",
    "guid",
    "hand",
    "head",
    "hear",
    "heat",
    "help",
    "hold",
    "home",
    "hope",
    "hunt",
    "join",
    "judg",
    "jump",
    "keep",
    "kind",
    "land",
    "laugh",
    "law",
    "lead",
    "learn",
    "light",
    "line",
    "link",
    "list",
    "load",
    "lock",
    "look",
    "mark",
    "market",
    "meet",
    "mind",
    "miner",
    "mov",
    "nation",
    "need",
    "note",
    "open",
    "order",
    "own",
    "pack",
    "paint",
    "part",
    "pass",
    "pay",
    "pick",
    "plan",
    "plant",
    "play",
    "point",
    "port",
    "post",
    "pow",
    "press",
    "print",
    "pull",
    "push",
    "quest",
    "quick",
    "rain",
    "read",
    "reach",
    "record",
    "report",
    "rest",
    "right",
    "ring",
    "river",
    "road",
    "rock",
    "roll",
    "round",
    "rule",
    "run",
    "safe",
    "sail",
    "school",
    "search",
    "season",
    "seat",
    "see",
    "sell",
    "send",
    "serv",
    "set",
    "shape",
    "shar",
    "ship",
    "short",
    "show",
    "sign",
    "sing",
    "sleep",
    "slow",
    "snow",
    "soft",
    "sound",
    "speak",
    "speed",
    "spend",
    "stand",
    "start",
    "stat",
    "stay",
    "step",
    "stone",
    "stop",
    "storm",
    "story",
    "strong",
    "study",
    "sun",
    "supply",
    "talk",
    "tast",
    "teach",
    "tell",
    "test",
    "think",
    "throw",
    "tim",
    "touch",
    "track",
    "trad",
    "train",
    "travel",
    "trust",
    "turn",
    "type",
    "use",
    "valu",
    "view",
    "visit",
    "vote",
    "walk",
    "wall",
    "want",
    "warm",
    "wash",
    "watch",
    "wat",
    "wear",
    "weath",
    "weigh",
    "win",
    "wind",
    "wish",
    "wood",
    "word",
    "work",
    "writ",
]
EN_BEFORE = ["", "", "", *["un", "re", "over", "out", "under", "mis", "fore", "inter"]]
EN_AFTER = [
    "s",
    "ed",
    "ing",
    "er",
    "ers",
    "able",
    "ably",
    "ful",
    "less",
    "ness",
    "ment",
    "al",
    "ly",
    "y",
    "ier",
    "iest",
    "ation",
    "ity",
    "ive",
    "or",
    "ward",
]
# The most frequent surnames of Russia, and some of its neighbours: none of them in the table.
OTHERS = [
    "Смирнов",
    "Кузнецов",
    "Попов",
    "Соколов",
    "Козлов",
    "Новиков",
    "Морозов",
    "Волков",
    "Васильев",
    "Павлов",
    "Семенов",
    "Голубев",
    "Виноградов",
    "Богданов",
    "Воробьев",
    "Федоров",
    "Михайлов",
    "Беляев",
    "Тарасов",
    "Киселев",
    "Макаров",
    "Андреев",
    "Ковалев",
    "Ильин",
    "Гусев",
    "Титов",
    "Кузьмин",
    "Кудрявцев",
    "Баранов",
    "Куликов",
    "Алексеев",
    "Степанов",
    "Сорокин",
    "Сергеев",
    "Романов",
    "Никитин",
    "Фролов",
    "Журавлев",
    "Богомолов",
    "Крылов",
    "Максимов",
    "Осипов",
    "Мухин",
    "Архипов",
    "Трофимов",
    "Мартынов",
    "Емельянов",
    "Горшков",
    "Чернов",
    "Овчинников",
    "Селезнев",
    "Панфилов",
    "Копылов",
    "Михеев",
    "Галкин",
    "Колесников",
    "Кравченко",
    "Бондаренко",
    "Шевченко",
    "Ткаченко",
    "Савченко",
    "Коваленко",
    "Гончаренко",
    "Мельник",
    "Шевчук",
    "Бойко",
    "Ахметов",
    "Омаров",
    "Оспанов",
    "Нурланов",
    "Сейтов",
    "Байжанов",
    "Джумабаев",
    "Касенов",
    "Мусаев",
    "Абдуллаев",
    "Гасанов",
    "Петросян",
    "Хачатрян",
    "Манукян",
    "Геворкян",
    "Акопян",
    "Асатрян",
    "Лобанов",
    "Новицкий",
    "Ковальский",
    "Вишневский",
]
CASES = ["", "а", "у", "ым", "ом", "е", "ой", "ых"]


def vocabulary() -> set[str]:
    """Return words of Russian and English, made from real roots and affixes, and other surnames.

    No list of words comes with Python, and one of our own would be a large file. What a language
    allows to be built is a harder test than what it uses: strange forms are the likelier to
    sound like somebody's name. Real words come from the supplied documents, Python's own pages
    and the names of the Unicode characters, real surnames from a list, in their cases.
    """
    chance = random.Random(4)  # noqa: S311 - words, not secrets
    found: set[str] = set()
    while len(found) < 45_000:
        after = "".join(chance.choices(AFTER, k=chance.choice([0, 0, 1, 1, 2])))
        ending = chance.choice(["", *ENDINGS])
        found.add(chance.choice(BEFORE) + chance.choice(ROOTS) + after + ending)
    while len(found) < 60_000:
        after = "".join(chance.choices(["", *EN_AFTER], k=chance.choice([1, 1, 2])))
        found.add(chance.choice(EN_BEFORE) + chance.choice(ENGLISH) + after)
    printed = [path.read_text("utf-8", "replace") for path in DOCUMENTS]
    described = [unicodedata.name(chr(code), "") for code in range(0x3000)]
    for text in (*printed, *topics.values(), *described, " ".join(map(" ".join, FORMS))):
        found.update(word for word in Reading(text).surfaces() if word.isalpha() and len(word) > 2)
    return found


DOCUMENTS = sorted((Path(__file__).parents[1] / "documents").glob("*.txt"))
FORMS = [[name + ending for ending in CASES] for name in OTHERS]


def test_other_words_are_not_found() -> None:
    """Of more than 50,000 words that are no spelling of them, all names together find 0.1 %.

    That is the strict reading: each word is counted if any of the names finds it.
    """
    people = {word for row in lines(PEOPLE) for form in row for word in Reading(form).surfaces()}
    asked = {key: word for word in sorted(people) for key in names.asked(word)}
    others = sorted(vocabulary() - people)
    found = {word: asked[key] for word in others for key in names.keys(word) if key in asked}
    mistakes = {word: name for word, name in found.items() if not _is_form(word, people)}
    assert len(others) > 50_000
    assert len(mistakes) <= 0.001 * len(others), mistakes


def _is_form(word: str, people: set[str]) -> bool:
    """Tell whether a word is a name of the table in a case that the table has not."""
    return any(word.startswith(name) and word[len(name) :] in CASES for name in people)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("2025", ()),
        ("g20", ()),
        ("北京", ()),
        ("я", ("Ya",)),
        ("си", ("si",)),
        ("токаев", ("tokaev",)),
        ("кулебе", ("kuleb", "kuleb+", "kulebe")),
        ("зеленскому", ("zelensk-",)),
        ("сергея", ("serge+", "sergeY")),
        ("maria", ("mar+", "mari+")),
    ],
)
def test_keys(token: str, expected: tuple[str, ...]) -> None:
    """A word has a key for each way to read it; a number or another script has none."""
    assert names.keys(token) == expected


def test_many_ways_to_read_a_spelling_are_bounded() -> None:
    """No token has more than a few dozen keys, however ambiguous."""
    assert names.keys("h" * 64) == ("H",)
    assert len(names.keys("houxeuchiaqeec")) == 32
    # One spelling reads its letters in one way throughout.
    assert len(names.keys("ohohihohyohahohoh")) == 4


_BEGINNINGS = st.sampled_from(
    [
        "",
        "shch",
        "tsch",
        "tzh",
        "cz",
        "dzh",
        "dzm",
        "chi",
        "ji",
        "qi",
        "wi",
        "ca",
        "kh",
        "ph",
        "tsi",
        "dze",
        "ye",
        "yo",
        "ou",
        "ia",
        "io",
        "aa",
        "ai",
        "ch",
        "ei",
        "gya",
        "oa",
        "oe",
        "oo",
        "sp",
        "wal",
        "ze",
        "ø",
        "siarh",
        "aliak",
        "uladz",
        "дж",
        "тс",
        "шч",
        "ці",
        "йо",
        "дзе",
        "дзм",
        "сярг",
        "аляк",
        "уладз",
        "tss",
        "hryan",
        "yio",
        "jo",
        "ju",
        "ьи",
        "цц",
        "её",
    ]
)
_LETTERS = st.text(st.characters(codec=None, max_codepoint=0x4FF, categories=["Ll"]), max_size=6)


@given(
    _BEGINNINGS,
    st.sampled_from(["a", "б", "h", "y", "ц", "ə"]) | _LETTERS,
    st.sampled_from(["", "ова", "ского", "ia", "ic", "ez", "lte", "ами", "ян"]),
)
def test_a_token_begins_as_its_keys_say(beginning: str, middle: str, ending: str) -> None:
    """So a token that begins otherwise need not be read to know that it is not the name asked."""
    token = beginning + middle + ending
    for key in names.keys(token):
        assert token[0] in names.openings([key])


def test_few_letters_open_a_name() -> None:
    """The letters of both scripts that may sound alike, and those that may be silent."""
    assert names.openings(names.asked("tokayev")) == frozenset("chtтцъь")
    assert names.openings([]) == frozenset()
