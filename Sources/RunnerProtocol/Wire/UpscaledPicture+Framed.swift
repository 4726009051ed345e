import Inference
import NIOCore

extension UpscaledPicture {
    /// - Throws: ``InferenceError`` of kind `internal` where the message is not what ``framed()`` makes.
    init(framed message: ByteBuffer) throws {
        let (size, png) = try FramedMessage.decode(RunnerRoute.PictureSize.self, from: message)
        guard png.readableBytes > 0 else { throw FramedMessage.cutShort }
        self.init(png: Array(png.readableBytesView), width: size.width, height: size.height)
    }

    func framed() throws -> ByteBuffer {
        let size = RunnerRoute.PictureSize(width: width, height: height)
        return try png.withUnsafeBytes { try FramedMessage.encode(size, payload: $0) }
    }
}
