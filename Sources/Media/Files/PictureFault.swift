/// Why a file of a picture is not decoded.
package enum PictureFault: Error, Sendable, Equatable {
    /// The file is empty, damaged or cut short, or made to do harm.
    case unreadable(String)
    /// The file may be in order, but is of a format, or of a kind of its format, that is not read.
    case unsupported(String)
    /// The header tells of more pixels than are decoded.
    case tooLarge(width: Int, height: Int, maximumPixels: Int)

    /// What is wrong and what was expected, as part of a sentence.
    package var reason: String {
        switch self {
        case .unreadable(let reason), .unsupported(let reason): reason
        case .tooLarge(let width, let height, let maximum):
            "the picture has \(width) × \(height) = \(width * height) pixels; at most \(maximum) are read"
        }
    }
}
