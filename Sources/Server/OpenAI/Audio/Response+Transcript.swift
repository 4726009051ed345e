import Hummingbird
import NIOCore

extension Response {
    /// The reply that holds a transcript.
    init(_ transcript: Transcript, as format: TranscriptFormat, _ dialect: Dialect) throws {
        switch format {
        case .text where !dialect.wrapsPlainText: self.init(plainText: transcript.text + "\n")
        case .json, .text: try self.init(json: TranscriptionReply(transcript))
        case .verboseJSON: try self.init(json: VerboseTranscriptionReply(transcript))
        case .srt: self.init(plainText: transcript.srt)
        case .vtt: self.init(plainText: transcript.vtt)
        }
    }

    private init(plainText: String) {
        self.init(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: plainText)))
    }
}
