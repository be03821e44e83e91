"""Capitalised words that name no company: days, places, languages, and given names of people."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CALENDAR = _words(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december christmas thanksgiving easter halloween
    mondays tuesdays wednesdays thursdays fridays saturdays sundays jan feb mar apr jun jul aug sep
    sept oct nov dec"""
)
PLACES = _words(
    """africa america asia europe antarctica australia oceania arctic atlantic pacific earth mars
    afghanistan argentina armenia austria bangladesh belgium brazil bulgaria canada chile china
    colombia croatia cuba cyprus czechia denmark egypt england estonia ethiopia finland france
    georgia germany ghana greece hungary iceland india indonesia iran iraq ireland israel italy
    japan jordan kenya korea latvia lebanon lithuania luxembourg malaysia mexico morocco myanmar
    nepal netherlands nigeria norway pakistan peru philippines poland portugal qatar romania russia
    rwanda scotland serbia singapore slovakia slovenia spain sudan sweden switzerland syria taiwan
    thailand tunisia turkey uganda ukraine uruguay venezuela vietnam wales zambia zimbabwe britain
    uk us usa eu uae nyc alabama alaska arizona arkansas california colorado connecticut delaware
    florida hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland
    massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma
    oregon pennsylvania tennessee texas utah vermont virginia wisconsin wyoming amsterdam athens
    atlanta austin barcelona beijing berlin boston brooklyn brussels chicago copenhagen dallas
    denver dublin hamburg helsinki houston istanbul lisbon london madrid manhattan melbourne miami
    milan montreal moscow mumbai munich nashville oslo paris philadelphia prague rome seattle seoul
    shanghai shenzhen stockholm sydney tokyo toronto vancouver vienna warsaw zurich
    midwest west east north south bay valley
    american americans african european europeans asian chinese english german french spanish
    italian russian japanese korean indian british dutch portuguese polish ukrainian turkish arabic
    hebrew hindi latin greek swedish norwegian danish finnish canadian australian mexican brazilian
    israeli swahili mandarin cantonese vietnamese thai western eastern southern northern"""
)
PLAIN = _words(
    """a about above actually after again ah all alright also although always am amazing an and
    another any anyone anything anyway are as at awesome back bad basically because been before
    being best better big both break but by bye can check cheers come congrats congratulations
    cool correct could customers day days dear definitely did do does doing done down each either else
    enjoy episode even ever every everybody everyone everything exactly excellent fair fantastic
    far few finally fine first five follow for four from fun funny get give go god going good
    gosh got great had happy has have having he head hello help her here hey hi his hmm hold
    honestly hope how however huge i if in indeed instead interesting internet is it its join just
    keep kind know last later learn least let like listen little live look looking lots love ma made
    make many may maybe me mm more most much music must my never new next nice no nobody none nope not
    nothing now of off oh ok okay old on once one only open or other others our out outro over
    part people perfect perhaps please plus pretty probably quick quite rather read real really
    right same say search second see seems shall she should show similarly since sir six so some
    somebody someone something sometimes somewhat soon sorry still stop such super sure take talk
    ten thank thanks that the their them then there these they thing things think this those though
    three through time to today together tomorrow tonight too totally true try two uh um under
    unless until up us use using usually very wait want was watch way we web welcome well were what
    whatever when where whether which while who whoever why will wish with without wonderful work
    world would wow yeah year years yep yes yesterday yet you your"""
)
"""Words that begin sentences, or stand with a capital for emphasis."""
LEARNED = _words(
    """university college school institute academy department ministry government congress senate
    parliament court church committee council foundation association society museum hospital
    conference summit con conf podcast show award prize act bill law theorem paradox algorithm
    prime protocol license index report paper book bible movie series day week street river
    mountain nation states kingdom union engineer developer researcher officer specialist
    academia intelligence gen harvard stanford caltech berkeley mit cmu cornell oxford cambridge yale
    princeton uw ucla eth"""
)
"""Words in a name that say it is something else than a company or a person."""
GIVEN = _words(
    """aaron abby adam adrian aditya ahmed alan albert alejandro alex alexander alexandra
    alexandre alexis alfred ali alice alison allison amanda amy ana anastasia andre andrea andreas
    andrew andrej andy angela anita anna anne annie anthony antonio arjun arthur ashley barbara bart
    ben benjamin bernard beth bill bob brad brandon brendan brian bruce bryan cameron carl
    carlos carol caroline catherine cathy charles charlie charlotte chip chris christian christina
    christine christopher claire clara colin craig dan dana daniel daniela dario darren dave david
    dawn deborah demis denise dennis denny derek diana diane diego donald donna doug
    douglas dylan ed eddie edward elena eli elizabeth ella ellen elon emily emma eric erica erik
    erin ethan eugene eva evan evelyn fabio fei felix fernando fiona frances francesca francis
    francois frank fred gabriel gary geoff geoffrey george gerald gilbert gina giovanni glenn gordon
    grace graham greg gregory guido guillaume gwen hannah harold harrison harry heather hector
    heidi helen henry hilary holly howard hugh hugo ian ilya ines ingrid ion irene isaac isabel
    ivan jack jackie jacob jake james jamie jan jane janet jared jason javier jay jean jeff jeffrey
    jen jennifer jeremy jerod jerome jerry jesse jessica jessie jill jim jimmy joan joe joel john
    johnny jon jonas jonathan jordan jorge jose joseph josh joshua juan judith judy julia julian
    julie justin kai karen karl kate katherine kathy katie keith kelly ken kenneth kevin kim
    kristen kurt kyle larry laura lauren laurent lee leo leon leonard leslie lewis liam
    liang lily linda linus lisa liz logan lou louie louis louise luca lucas lucy luis luke lydia
    lynn madison manuel marc marco marcus margaret maria marie marina mario mark martha martin marty
    mary mathew matt matthew maurice max maya megan melanie melissa michael michelle miguel
    mike mira miriam mitchell mohamed mohammed molly monica morgan nadia nancy naomi natalia natalie
    nate nathan neil nelson nicholas nick nicolas nicole nikita nina noah noam nora norman oliver
    olivia omar oscar pablo pamela patricia patrick paul paula pavel pedro peter phil philip pierre
    priya rachel rafael raj rajiv ralph ramon randy raul ray rebecca ricardo richard rick rita
    rob robert roberto robin rodrigo roger roman ron ronald rosa rose ross roy ruben russell ruth
    ryan salvatore sam samantha samuel sandra sara sarah sasha satya scott sean sebastian sergey
    shane shannon sharon shawn sheila simon sofia solomon sonia sophia sophie stacy stella stephanie
    stephen steve steven stuart sue susan suzanne sven sylvia tara ted teresa terry theo theresa
    thomas tiffany tim timothy tina todd tom tony tracy travis tristan tyler valerie vanessa
    vera veronica victor victoria vijay vince vincent vladimir walter wayne wendy wes will william
    yann yannick yolanda yoshua yuri yvonne zach zachary zoe"""
)
"""Given names that are common in English-speaking and European podcasts; a hint, no proof."""
GENERIC = _words(
    """ai api apis agi asr aws cd ceo ceos cfo cli cms coo cpu cpus css csv cto ctos cv db ddos devops
    dev diy dms dns dora dpo eda etl faq fomo gdp ghz gdpr gpt gpu gpus gui hd hipaa hr html http https
    id ide ides ios iot ip ipo irc it jit json jvm kpi llm llms lms ml mlops mvp nlp npu ocr oop os oss
    pc pcs pdf pdfs phd pi pm pms pr prs pto qa q&a rag ram rdbms rest rfc rl rlhf rnn roi rpc rss saas
    sdk sdks sla sms soc sql sre ssd ssh tcp tdd tl tos tpu tpus tts tv ui url urls usb pii ux vc vcs vm vms
    vp vpc vpn vr xml yaml"""
)
"""Letters that stand for a kind of thing."""
FUNCTION = _words(
    """the a an and or but of to in on for with by at as is are was were be been being it its this
    that these those they them their there than then so will would can could should may might must
    do does did have has had i you he she we who what which when where how why not no from into
    about over more most less very just only also any some all one two our your his her if get got instead
    rather"""
)
"""Words that hold a sentence together and say nothing of what it is about."""
