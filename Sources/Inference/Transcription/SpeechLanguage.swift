/// A language that Whisper models write down: the hundred of them, in the order of their tokens.
package struct SpeechLanguage: Sendable, Hashable {
    /// An ISO 639-1 code, or Whisper's own where there is none or another is used: `haw`, `jw`, `yue`.
    package let code: String
    /// In English and lower case.
    package let name: String

    private init(_ code: String, _ name: String) {
        self.code = code
        self.name = name
    }

    /// The language that a caller means: by its code, or by its name in English; capitals do not matter.
    package init?(_ text: String) {
        let text = text.lowercased()
        guard let found = Self.byText[text] ?? Self.otherCodes[text].flatMap({ Self.byText[$0] }) else { return nil }
        self = found
    }

    /// ISO 639-1's codes where Whisper has another.
    private static let otherCodes = ["jv": "jw", "nb": "no", "fil": "tl"]

    private static let byText = Dictionary(
        all.flatMap { [($0.code, $0), ($0.name, $0)] }, uniquingKeysWith: { first, _ in first })

    package static let all = [
        SpeechLanguage("en", "english"), SpeechLanguage("zh", "chinese"), SpeechLanguage("de", "german"),
        SpeechLanguage("es", "spanish"), SpeechLanguage("ru", "russian"), SpeechLanguage("ko", "korean"),
        SpeechLanguage("fr", "french"), SpeechLanguage("ja", "japanese"), SpeechLanguage("pt", "portuguese"),
        SpeechLanguage("tr", "turkish"), SpeechLanguage("pl", "polish"), SpeechLanguage("ca", "catalan"),
        SpeechLanguage("nl", "dutch"), SpeechLanguage("ar", "arabic"), SpeechLanguage("sv", "swedish"),
        SpeechLanguage("it", "italian"), SpeechLanguage("id", "indonesian"), SpeechLanguage("hi", "hindi"),
        SpeechLanguage("fi", "finnish"), SpeechLanguage("vi", "vietnamese"), SpeechLanguage("he", "hebrew"),
        SpeechLanguage("uk", "ukrainian"), SpeechLanguage("el", "greek"), SpeechLanguage("ms", "malay"),
        SpeechLanguage("cs", "czech"), SpeechLanguage("ro", "romanian"), SpeechLanguage("da", "danish"),
        SpeechLanguage("hu", "hungarian"), SpeechLanguage("ta", "tamil"), SpeechLanguage("no", "norwegian"),
        SpeechLanguage("th", "thai"), SpeechLanguage("ur", "urdu"), SpeechLanguage("hr", "croatian"),
        SpeechLanguage("bg", "bulgarian"), SpeechLanguage("lt", "lithuanian"), SpeechLanguage("la", "latin"),
        SpeechLanguage("mi", "maori"), SpeechLanguage("ml", "malayalam"), SpeechLanguage("cy", "welsh"),
        SpeechLanguage("sk", "slovak"), SpeechLanguage("te", "telugu"), SpeechLanguage("fa", "persian"),
        SpeechLanguage("lv", "latvian"), SpeechLanguage("bn", "bengali"), SpeechLanguage("sr", "serbian"),
        SpeechLanguage("az", "azerbaijani"), SpeechLanguage("sl", "slovenian"), SpeechLanguage("kn", "kannada"),
        SpeechLanguage("et", "estonian"), SpeechLanguage("mk", "macedonian"), SpeechLanguage("br", "breton"),
        SpeechLanguage("eu", "basque"), SpeechLanguage("is", "icelandic"), SpeechLanguage("hy", "armenian"),
        SpeechLanguage("ne", "nepali"), SpeechLanguage("mn", "mongolian"), SpeechLanguage("bs", "bosnian"),
        SpeechLanguage("kk", "kazakh"), SpeechLanguage("sq", "albanian"), SpeechLanguage("sw", "swahili"),
        SpeechLanguage("gl", "galician"), SpeechLanguage("mr", "marathi"), SpeechLanguage("pa", "punjabi"),
        SpeechLanguage("si", "sinhala"), SpeechLanguage("km", "khmer"), SpeechLanguage("sn", "shona"),
        SpeechLanguage("yo", "yoruba"), SpeechLanguage("so", "somali"), SpeechLanguage("af", "afrikaans"),
        SpeechLanguage("oc", "occitan"), SpeechLanguage("ka", "georgian"), SpeechLanguage("be", "belarusian"),
        SpeechLanguage("tg", "tajik"), SpeechLanguage("sd", "sindhi"), SpeechLanguage("gu", "gujarati"),
        SpeechLanguage("am", "amharic"), SpeechLanguage("yi", "yiddish"), SpeechLanguage("lo", "lao"),
        SpeechLanguage("uz", "uzbek"), SpeechLanguage("fo", "faroese"), SpeechLanguage("ht", "haitian creole"),
        SpeechLanguage("ps", "pashto"), SpeechLanguage("tk", "turkmen"), SpeechLanguage("nn", "nynorsk"),
        SpeechLanguage("mt", "maltese"), SpeechLanguage("sa", "sanskrit"), SpeechLanguage("lb", "luxembourgish"),
        SpeechLanguage("my", "myanmar"), SpeechLanguage("bo", "tibetan"), SpeechLanguage("tl", "tagalog"),
        SpeechLanguage("mg", "malagasy"), SpeechLanguage("as", "assamese"), SpeechLanguage("tt", "tatar"),
        SpeechLanguage("haw", "hawaiian"), SpeechLanguage("ln", "lingala"), SpeechLanguage("ha", "hausa"),
        SpeechLanguage("ba", "bashkir"), SpeechLanguage("jw", "javanese"), SpeechLanguage("su", "sundanese"),
        SpeechLanguage("yue", "cantonese"),
    ]
}
