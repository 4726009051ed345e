import ModelStore
import Testing

@Suite("Settings of downloads")
struct DownloadSettingsTests {
    private struct Holder {
        var settings: DownloadSettings
    }

    @Test("tell no secret, whoever writes them down")
    func secrets() {
        let proxies = ProxySettings(environment: ["HTTPS_PROXY": "http://me:hushhush@localhost:1"])
        let settings = DownloadSettings(
            hubToken: "hf_hushhush", proxies: proxies,
            pipEnvironment: ["PIP_INDEX_URL": "https://me:hushhush@localhost"])
        for text in ["\(settings)", String(reflecting: settings), "\(Holder(settings: settings))"] {
            #expect(text.contains("token: set") && !text.contains("hushhush"))
        }
    }
}
