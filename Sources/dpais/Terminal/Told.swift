/// An error that is a sentence for people, and nothing more.
struct Told: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
