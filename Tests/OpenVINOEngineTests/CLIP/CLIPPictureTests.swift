import Inference
import Media
import OpenVINOEngine
import TestSupport
import Testing

@Suite("Pictures for CLIP")
struct CLIPPictureTests {
    private let golden: GoldenCLIP

    init() throws { golden = try GoldenCLIP() }

    /// The same picture as `drawn` in `CLIPGolden/make.py`, as a PNG file.
    private func drawn(width: Int, height: Int) -> [UInt8] {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    pixels.append(UInt8((x * x * 7 + x * y * 13 + (x ^ y) * 5 + channel * 97) & 255))
                }
            }
        }
        var writer = PNGWriter(width: width, height: height, channels: .rgb)
        writer.write(rows: pixels)
        return writer.finish()
    }

    private func preprocessor() throws -> CLIPPreprocessor {
        CLIPPreprocessor(try CLIPPictureSettings(folder: golden.folder), maximumPixels: 1_000_000)
    }

    @Test("pictures of many sizes become the squares that Pillow makes, within 2 of 255")
    func matchesPillow() throws {
        let squares = try golden.file("sizes.rgb")
        let count = 3 * GoldenCLIP.side * GoldenCLIP.side
        for (row, size) in golden.values.sizes.enumerated() {
            let picture = try preprocessor().picture(from: drawn(width: size[0], height: size[1]))
            let expected = squares[row * count..<(row + 1) * count]
            #expect(picture.width == GoldenCLIP.side && picture.height == GoldenCLIP.side)
            let largest = zip(picture.pixels, expected).map { abs(Int($0) - Int($1)) }.max()
            #expect(try #require(largest) <= 2, "\(size)")
        }
    }

    @Test("values are scaled and normalised, channel by channel, one plane after the other")
    func values() throws {
        var settings = CLIPPictureSettings()
        (settings.shortestSide, settings.crop) = (2, 2)
        (settings.scale, settings.mean, settings.deviation) = (0.5, [1, 2, 3], [1, 2, 4])
        let picture = Picture(width: 2, height: 1, channels: .rgb, pixels: [10, 20, 30, 0, 2, 255])
        let values = CLIPPreprocessor(settings, maximumPixels: 100).values(of: picture)
        #expect(values == [4, -1, 4, -0.5, 3, 31.125])
    }

    @Test("an alpha channel is dropped, not laid over white")
    func alpha() throws {
        var writer = PNGWriter(width: 32, height: 32, channels: .rgba)
        writer.write(rows: (0..<1024).flatMap { _ in [10, 20, 30, 0] as [UInt8] })
        let picture = try preprocessor().picture(from: writer.finish())
        #expect(Array(picture.pixels.prefix(3)) == [10, 20, 30])
    }

    @Test("a picture with more pixels than are decoded is refused before it is")
    func tooLarge() throws {
        let preprocessor = CLIPPreprocessor(CLIPPictureSettings(), maximumPixels: 99)
        #expect(throws: PictureFault.tooLarge(width: 10, height: 10, maximumPixels: 99)) {
            try preprocessor.picture(from: drawn(width: 10, height: 10))
        }
    }

    // MARK: Settings

    private func settings(_ json: String) throws -> CLIPPictureSettings {
        let folder = try TemporaryFolder()
        try folder.write("preprocessor_config.json", json)
        return try CLIPPictureSettings(folder: folder.path)
    }

    @Test("a folder without settings has CLIP's own")
    func defaults() throws {
        let folder = try TemporaryFolder()
        #expect(try CLIPPictureSettings(folder: folder.path) == CLIPPictureSettings())
        #expect(try settings("{}") == CLIPPictureSettings())
    }

    @Test("sizes are read as numbers and as objects")
    func sizes() throws {
        for json in [
            #"{"size": 300, "crop_size": 256}"#,
            #"{"size": {"shortest_edge": 300}, "crop_size": {"width": 256, "height": 256}}"#,
        ] {
            let settings = try settings(json)
            #expect(settings.shortestSide == 300)
            #expect(settings.crop == 256)
        }
    }

    @Test("what is normalised by is read")
    func normalisation() throws {
        let settings = try settings(
            #"{"image_mean": [0, 0.5, 1], "image_std": [1, 2, 3], "rescale_factor": 0.25, "resample": 3}"#)
        #expect(settings.mean == [0, 0.5, 1])
        #expect(settings.deviation == [1, 2, 3])
        #expect(settings.scale == 0.25)
    }

    @Test(
        "steps that are not done here are refused",
        arguments: [
            #"{"do_resize": false}"#, #"{"do_center_crop": false}"#, #"{"do_normalize": false}"#, #"{"resample": 2}"#,
            #"{"size": {"width": 224, "height": 224}}"#, #"{"crop_size": {"width": 224, "height": 200}}"#,
            #"{"size": 200}"#, #"{"crop_size": 0}"#, #"{"image_std": [1, 0, 1]}"#, #"{"image_mean": [1]}"#,
        ])
    func unsupportedSettings(json: String) {
        let error = #expect(throws: InferenceError.self) { try settings(json) }
        #expect(error?.kind == .unsupported)
    }

    @Test("settings that cannot be read are refused")
    func damagedSettings() {
        let error = #expect(throws: InferenceError.self) { try settings("{") }
        #expect(error?.kind == .unavailable)
    }
}
