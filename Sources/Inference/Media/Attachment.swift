/// A picture or a sound in a message: the file as it was sent.
public struct Attachment: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        /// JPEG, PNG, or the first picture of a GIF.
        case image
        /// WAV or MP3.
        case audio
    }

    public var kind: Kind
    /// The file's bytes.
    public var data: [UInt8]
    /// Where in the message's content it stands, in bytes of UTF-8 before it; attachments are in the order of these.
    public var position: Int
    /// The field of the request that the file came in, as errors name it.
    public var field: String?

    public init(_ kind: Kind, data: [UInt8], position: Int, field: String? = nil) {
        self.kind = kind
        self.data = data
        self.position = position
        self.field = field
    }

    /// Reads as much of the file as tells how large it is once decoded.
    ///
    /// - Throws: ``MediaFault`` where it is not of its kind's formats, is cut short, or would be too large.
    public func check() throws(MediaFault) {
        switch kind {
        case .image: _ = try PictureFile(data, within: .chat)
        case .audio: try SoundFile(data).check()
        }
    }
}

/// Why a file of a picture or a sound is not taken.
public struct MediaFault: Error, Sendable, Equatable {
    public enum Kind: Sendable {
        /// Of another format, empty, damaged or cut short.
        case unreadable
        /// More than is decoded.
        case tooLarge
    }

    public var kind: Kind
    /// What is wrong and what was expected, as part of a sentence.
    public var reason: String

    package init(_ reason: String, kind: Kind = .unreadable) {
        self.kind = kind
        self.reason = reason
    }
}

extension ChatRequest {
    /// The attachments of all messages, in order.
    public var attachments: [Attachment] { messages.flatMap(\.attachments) }
}
