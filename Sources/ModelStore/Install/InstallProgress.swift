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

    public init(phase: Phase, bytesDone: Int = 0, bytesTotal: Int? = nil) {
        self.phase = phase
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
    }
}
