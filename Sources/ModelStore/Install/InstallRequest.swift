public import Inference

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What to install.
public enum InstallRequest: Sendable, Equatable {
    /// A model of the catalogue, by its id or an alias.
    case catalogue(String)
    /// A model of the user's own choice, under this id: a GGUF file, or a Whisper model of whisper.cpp's, `ggml-*.bin`; or
    /// a folder of this machine, with the files of an embedding, upscaling or transcribing model under their usual names;
    /// or a `.param` file with its `.bin` file beside it.
    ///
    /// `projector` is the file that makes a GGUF model see or hear; `capability` is what the model does, `nil` where
    /// its files are to say it.
    case custom(CustomSource, id: String, projector: CustomSource? = nil, capability: Capability? = nil)
}

/// Where a file of the user's own choice is.
public struct CustomSource: Sendable, Equatable {
    public enum Location: Sendable, Equatable {
        /// `http` or `https`.
        case url(String)
        /// A path on this machine; it is copied, never moved.
        case file(String)
        /// A file, a folder or all of a repository of a model hub.
        case hub(HubPlace)
    }

    public var location: Location
    /// What the file must have; `nil` takes it as it comes.
    public var sha256: String?

    /// - Parameters:
    ///   - location: an `http:` or `https:` address; a place on the hub, as ``HubPlace`` reads it; or a path, relative
    ///     or absolute or as a `file:` address.
    ///   - sha256: 64 hexadecimal digits, in any case of letters.
    /// - Throws: ``InstallError/invalidSource(_:reason:)``.
    public init(_ location: String, sha256: String? = nil) throws(InstallError) {
        if let sha256 {
            guard sha256.utf8.count == 64, sha256.allSatisfy(\.isHexDigit) else {
                throw .invalidSource(location, reason: "its SHA-256 must have 64 hexadecimal digits.")
            }
        }
        self.sha256 = sha256?.lowercased()
        if let place = try HubPlace(location) {
            self.location = .hub(place)
            return
        }
        let scheme = location.scheme(among: ["http://", "https://", "file://"])
        switch scheme {
        case "http://", "https://": self.location = .url(location)
        case "file://": self.location = .file(URL(string: location)?.path(percentEncoded: false) ?? location)
        default:
            guard !location.isEmpty else { throw .invalidSource(location, reason: "it names nothing.") }
            guard !location.contains("://") else {
                throw .invalidSource(location, reason: "only http, https and files of this machine can be read.")
            }
            self.location = .file(location)
        }
    }
}

extension String {
    fileprivate func scheme(among schemes: [String]) -> String? {
        schemes.first { lowercased().hasPrefix($0) }
    }
}
