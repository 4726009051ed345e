public import Inference

/// A model that can be installed by its name, and where its files can come from.
public struct CatalogueEntry: Sendable, Equatable, Codable, Identifiable {
    public var id: String
    /// Other names of the model, lower case.
    public var aliases: [String]
    /// The name for people.
    public var name: String
    public var capability: Capability
    public var engine: InstalledModel.Engine
    public var ownedBy: String
    /// An SPDX identifier where there is one, else the licence's usual name.
    public var license: String
    /// The count of weights as people say it, such as `3.8B`.
    public var parameters: String?
    /// Tokens of prompt and answer together that the model was trained for.
    public var contextLength: Int?
    /// All files of the first source together, before they are converted: to the byte where the catalogue states the
    /// size of each, else rounded. `nil` where nobody has said.
    public var sizeBytes: Int?
    /// Which of the files makes the model see or hear; `nil` where none does.
    public var projector: String?
    /// Whether the first components of the model's vectors are vectors too; `nil` where they are not.
    public var shortensVectors: Bool?
    /// ISO 639-1 codes of the languages that it was made for, those it knows best first; `nil` where that does not
    /// apply, or is not known. `multilingual` stands for more than are worth naming.
    public var languages: [String]?
    /// Bytes of memory that it needs at work, with the usual settings; `nil` where nobody has measured it.
    public var memoryBytes: Int?
    /// What can compute it: `cpu`, `gpu`, `npu`.
    public var hardware: [String]?
    /// What it is good for, in a sentence.
    public var summary: String?
    /// The page of those who made it.
    public var homepage: String?
    /// Tried in order: the next one where one cannot be reached.
    public var sources: [Source]

    public struct File: Sendable, Equatable, Codable {
        /// What the file is called once installed, or until it is converted.
        public var name: String
        /// Where in the repository, or in the wheel, it lies. In a wheel, `archive.zip!/member` is a member of a ZIP
        /// archive that is itself a member.
        public var path: String
        /// `nil` where the source itself says it.
        public var bytes: Int?
        /// Lower-case hexadecimal; `nil` where the source itself says it.
        public var sha256: String?
        /// What follows, in its order, where the file is kept in parts: indexes limit the size of a package. Size and
        /// digest are those of the whole.
        public var continued: [Part]?
    }

    /// A part of a file after its first.
    public struct Part: Sendable, Equatable, Codable {
        /// As ``File/path``.
        public var path: String
        /// The wheel that it lies in, where it is another one than its file's source.
        public var wheel: Wheel?

        public init(path: String, wheel: Wheel? = nil) {
            self.path = path
            self.wheel = wheel
        }
    }
}
