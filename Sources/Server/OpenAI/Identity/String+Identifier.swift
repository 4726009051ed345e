extension String {
    /// An identifier that no other reply has: the prefix, then letters and digits drawn at random.
    static func identifier(_ prefix: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return prefix + String((0..<32).map { _ in letters[Int.random(in: letters.indices)] })
    }
}
