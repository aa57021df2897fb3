import Testing

@testable import CausewayWeb

@Suite("Names of browsers")
struct BrowserNameTests {
    @Test(
        "a browser is named by its own mark, not by those that it adds for old servers",
        arguments: [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox", "Windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0",
                "Microsoft Edge", "Windows"
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome",
                "Linux"
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36",
                "Chrome", "Android"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
                    + "Mobile/15E148 Safari/604.1", "Safari", "iPhone"
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari", "macOS"
            ),
        ]
    )
    func names(_ userAgent: String, _ browser: String, _ system: String) {
        let parts = BrowserName.parts(of: userAgent)
        #expect(parts?.browser == browser && parts?.system == system)
    }

    @Test("another program has no name", arguments: ["", "curl/8.5.0", "Python-urllib/3.11"])
    func others(_ userAgent: String) { #expect(BrowserName.parts(of: userAgent) == nil) }
}
