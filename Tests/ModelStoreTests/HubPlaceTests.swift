import Foundation
import ModelStore
import Testing

@Suite("Places on a model hub")
struct HubPlaceTests {
    @Test(
        "A place is read as people write it, or as a browser shows it",
        arguments: [
            ("hf:us/tiny", HubPlace(repository: "us/tiny")),
            ("HF:us/tiny", HubPlace(repository: "us/tiny")),
            ("hf://us/tiny/", HubPlace(repository: "us/tiny")),
            ("hf:us/tiny:q8_0", HubPlace(repository: "us/tiny", quantisation: "q8_0")),
            ("hf:us/tiny@v1:Q8_0", HubPlace(repository: "us/tiny", revision: "v1", quantisation: "Q8_0")),
            ("hf:us/tiny:Q8_0@refs/pr/1", HubPlace(repository: "us/tiny", revision: "refs/pr/1", quantisation: "Q8_0")),
            ("hf:us/tiny/a/b.gguf", HubPlace(repository: "us/tiny", path: "a/b.gguf")),
            ("\(DownloadSettings.publicHub)/us/tiny", HubPlace(repository: "us/tiny")),
            ("\(DownloadSettings.publicHub)/us/tiny/tree/dev", HubPlace(repository: "us/tiny", revision: "dev")),
            (
                "\(DownloadSettings.publicHub)/us/tiny/resolve/main/a.gguf?download=true",
                HubPlace(repository: "us/tiny", path: "a.gguf")
            ),
        ])
    func reads(text: String, place: HubPlace) throws {
        #expect(try CustomSource(text).location == .hub(place))
    }

    @Test(
        "What is none is refused, and the form is shown",
        arguments: ["hf:", "hf:us", "hf:us/tiny/../x", "hf:us/tiny@", "hf:us/tiny:a:b", "hf:us/ti?ny", "hf:/tiny"])
    func refuses(text: String) {
        let error = #expect(throws: InstallError.self) { try CustomSource(text) }
        #expect(error?.description.contains("hf:owner/name") == true)
    }

    @Test(
        "A model is called by what its place says",
        arguments: [
            ("hf:us/Tiny-1B-Instruct-GGUF", "tiny-1b-instruct"), ("hf:us/Tiny-GGUF:Q8_0", "tiny-q8_0"),
            ("hf:us/whisper/ggml-base.en.bin", "whisper-base.en"),
            ("hf:us/x/Q8/Big-Q8_0-00002-of-00003.gguf", "big-q8_0"),
            ("./My Model.gguf", "my-model"), ("https://example.com/a/M.gguf?x=1", "m"),
        ])
    func names(text: String, name: String) throws {
        #expect(try CustomSource(text).suggestedName == name)
    }
}
