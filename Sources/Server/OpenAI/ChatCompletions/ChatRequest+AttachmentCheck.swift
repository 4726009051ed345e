import Inference
import ModelStore

extension ChatRequest {
    /// Refuses pictures and sounds that cannot be read, before any process is started for them.
    ///
    /// - Throws: ``ValidationFailure`` that names every part the model has no projector for, or every file that is not
    ///   what it has to be.
    func checkAttachments(for model: InstalledModel) throws {
        let faults = attachments.compactMap { attachment -> FieldFault? in
            guard model.projector != nil else {
                let contents = attachment.kind == .image ? "images" : "audio"
                return FieldFault(
                    code: .unsupportedValue, path: attachment.part,
                    message: "the model has no projector and cannot read \(contents); send text")
            }
            do throws(MediaFault) {
                try attachment.check()
                return nil
            } catch {
                return FieldFault(code: .invalidValue, path: attachment.field, message: error.reason)
            }
        }
        if !faults.isEmpty {
            throw ValidationFailure(faults: Array(faults.prefix(FaultCollector.listed)), count: faults.count)
        }
    }
}

extension Attachment {
    /// The content part that holds the file: its field without the object in it and that object's member.
    fileprivate var part: String? {
        field.map { $0.split(separator: ".").dropLast(2).joined(separator: ".") }
    }
}
