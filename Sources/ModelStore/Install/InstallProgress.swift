/// How far an install is.
public struct InstallProgress: Sendable, Equatable {
    public enum Phase: String, Sendable {
        /// Asking the source what it has.
        case resolving
        case downloading
        /// Checking digests and the kind of the files.
        case verifying
        /// Making of the files what an engine reads.
        case converting
        /// Moving the model to its place.
        case installing
        /// Another process installs the same model; its end is awaited.
        case waiting
    }

    public var phase: Phase
    /// Bytes of all files that are here.
    public var bytesDone: Int
    /// Bytes of all files; `nil` where the source has not said.
    public var bytesTotal: Int?
    /// Of ``bytesDone``, those that an interrupted install had brought: they say nothing of how fast the source is.
    public var bytesKept: Int
    /// The file that is on its way, or looked at.
    public var file: String?
    /// How long a source that has failed, or asks for patience, is waited for before it is tried again.
    public var pause: Duration?

    public init(
        phase: Phase, bytesDone: Int = 0, bytesTotal: Int? = nil, bytesKept: Int = 0, file: String? = nil,
        pause: Duration? = nil
    ) {
        self.phase = phase
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
        self.bytesKept = bytesKept
        self.file = file
        self.pause = pause
    }
}
