/// A browser's name and system, as far as its `User-Agent` header tells: "Firefox on Windows".
enum BrowserName {
    /// - Returns: the two names; nil for a header of an unknown form.
    static func parts(of userAgent: String) -> (browser: String, system: String?)? {
        guard let browser = first(browsers, in: userAgent) else { return nil }
        return (browser, first(systems, in: userAgent))
    }

    /// The more precise before the more general: Edge and Opera claim to be Chrome, Chrome claims to be Safari.
    private static let browsers = [
        ("Edg", "Microsoft Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]

    private static let systems = [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ]

    private static func first(_ names: [(mark: String, name: String)], in text: String) -> String? {
        names.first { text.contains($0.mark) }?.name
    }
}
