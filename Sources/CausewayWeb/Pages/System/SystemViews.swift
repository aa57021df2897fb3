import CausewayJSON

/// A token, as the API returns it.
struct TokenView: ListRow {
    let identifier: String
    let intent: String
    let description: String
    let expires: String?
    /// Whether the time in ``expires`` counts.
    let expiring: Bool
    let causewayRole: String?
    /// Whether the key can still be shown.
    let causewayKeyAvailable: Bool
    let userObj: Owner?

    struct Owner: Decodable, Sendable {
        let username: String
    }

    var id: String { identifier }
}

/// A user with a role, and whether the user has an authenticator.
struct AdministratorView: ListRow {
    let user: UserView
    var hasAuthenticator = false

    var id: String { user.id }

    init(user: UserView, hasAuthenticator: Bool) {
        self.user = user
        self.hasAuthenticator = hasAuthenticator
    }

    /// The API returns authenticators separately.
    init(from decoder: any Decoder) throws { user = try UserView(from: decoder) }
}

/// The environment of the program, as the API returns it.
struct HostView: Decodable, Sendable {
    /// Texts by name. Some are null.
    let runtime: JSONValue
    let serverTime: String
}

/// The state of the program, as the API returns it.
struct SystemView: Decodable, Sendable {
    let version: String
    let database: Database
    let mappings: Mappings

    struct Database: Decodable, Sendable {
        let kind: String
        let bytes: Int
        let schemaVersion: Int
        let users: Int
        let groups: Int
    }

    struct Mappings: Decodable, Sendable {
        /// The number of workers that evaluate mappings at the same time.
        let workers: Int
        /// Why mappings cannot run.
        let blockingReason: Message?
        let layers: [Layer]
    }

    /// A layer of the sandbox.
    struct Layer: Decodable, Sendable {
        let name: Message
        let isPresent: Bool
        let sentence: Message
    }
}

/// The template `system`.
struct SystemPage: PageModel {
    static let template = "system"

    let version: String
    let runtime: [Fact]
    let database: [Fact]
    let sandbox: [Layer]
    let workers: String
    let blockingReason: Message?
    let time: ShownTime?
    let schedules: [Schedule]
    let hasSchedules: Bool
    let nodes: NodeTable

    struct Fact: TemplateValue {
        let name: String
        let value: String
    }

    struct Layer: TemplateValue {
        let name: Message
        let sentence: Message
        let state: String
        let stateWords: String
    }

    struct Schedule: TemplateValue {
        let name: String
        let crontab: String
        let next: ShownTime?
        let paused: String
    }
}

/// The template `token`.
struct TokenPage: PageModel {
    static let template = "token"

    let tokenObject: Facts
    let expires: ShownTime?
    let role: String
    /// The key; nil unless it is shown now.
    let key: Key?
    /// Whether the key can still be shown.
    let isAvailable: Bool
    let base: Address

    struct Facts: TemplateValue {
        let description: String
    }

    struct Key: TemplateValue {
        let value: String
    }
}
