import CausewayJSON
import Foundation

/// The limit that a refusal is about (`x-ms-throttle-scope`).
enum ThrottleScope: Hashable, Sendable {
    /// One application: only its writes, or everything it does.
    case application(writesOnly: Bool)
    /// Every application in the tenant.
    case tenant

    /// Reads `Tenant_Application/Write/{application}/{tenant}`; an unknown value counts for everything the application
    /// does.
    init(header: String?) {
        let parts = (header ?? "").split(separator: "/")
        guard parts.first != "Tenant" else {
            self = .tenant
            return
        }
        self = .application(writesOnly: parts.count > 1 && parts[1] == "Write")
    }
}

/// How long Graph asks to wait.
enum ThrottlePause: Hashable, Sendable {
    case named(Duration)
    /// It refuses, and does not say for how long.
    case unnamed
}

/// What an answer, including the entries of a batch, says about Graph's limits. Pure.
struct ThrottleSignals: Sendable {
    /// How much of the fullest limit is used, from 0.8 to 1.8, 1 being the limit; 0 if nothing is said.
    private(set) var percentage = 0.0
    /// How long Graph asks to wait, by the limit that is reached.
    private(set) var pauses: [ThrottleScope: ThrottlePause] = [:]

    /// What an answer says.
    ///
    /// - Parameters:
    ///   - headers: by lower-case name.
    ///   - batch: the body of a batch's answer; its entries are refused one by one.
    init(status: Int, _ headers: [String: String], batch: JSONValue? = nil) {
        add(status: status, headers)
        for entry in batch?["responses"]?.array ?? [] {
            guard let status = entry["status"]?.integer, let headers = entry["headers"]?.object else { continue }
            let named = headers.map { ($0.key.lowercased(), $0.value.string ?? "") }
            add(status: Int(clamping: status), Dictionary(named, uniquingKeysWith: { first, _ in first }))
        }
    }

    private mutating func add(status: Int, _ headers: [String: String]) {
        if let value = headers["x-ms-throttle-limit-percentage"].flatMap(Double.init), value.isFinite {
            percentage = max(percentage, min(value, 1.8))
        }
        guard status == 429 || status == 509 else { return }
        let scope = ThrottleScope(header: headers["x-ms-throttle-scope"])
        let pause = headers["retry-after"].flatMap { GraphFailure.wait($0, now: Date()) }
        pauses[scope] = Self.longest(pauses[scope], pause.map(ThrottlePause.named) ?? .unnamed)
    }

    /// A named pause takes precedence over an unnamed one.
    private static func longest(_ known: ThrottlePause?, _ pause: ThrottlePause) -> ThrottlePause {
        switch (known, pause) {
        case (.named(let one)?, .named(let other)): .named(max(one, other))
        case (.named(let one)?, .unnamed): .named(one)
        case (.unnamed?, _), (nil, _): pause
        }
    }
}
