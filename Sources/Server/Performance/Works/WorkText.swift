/// The texts of the works: 128 everyday words, from one of them on and around again.
///
/// Two texts that begin at different words differ from their first token, so that no cache of prefixes knows the one from
/// the other, and yet are of the same words, and nearly the same tokens.
enum WorkText {
    static let words = """
        river stone garden window bread candle mountain letter morning ship forest table winter bridge silver music \
        doctor island paper horse summer valley button teacher market cloud engine orange pencil shadow village ocean \
        mirror kitchen feather lantern harbour picture desert blanket thunder sister circle ladder meadow hammer \
        journey pocket rabbit singer tower uncle violin wagon yellow barrel castle dinner eagle farmer guitar helmet \
        insect jacket kettle lemon magnet needle oven palace quarter ribbon saddle ticket umbrella vessel walnut anchor \
        basket copper dragon evening finger gravel hunter iron jewel king lizard mother number office parrot queen \
        rocket sailor temple under valve water autumn branch camera danger earth flower ground honey image judge knight \
        leather minute north olive planet question rain season train unit voice wheel young acorn cactus falcon zebra
        """.split(separator: " ").map(String.init)

    /// - Parameter start: at which word it begins; counted on and around.
    static func text(_ count: Int, from start: Int) -> String {
        (0..<count).map { words[(start + $0) % words.count] }.joined(separator: " ")
    }
}
