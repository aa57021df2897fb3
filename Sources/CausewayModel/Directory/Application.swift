import CausewayJSON
import Foundation

/// Whether all policies must agree or one is enough (authentik); stored for clients, since Causeway has no policies.
package enum PolicyEngineMode: String, FieldWord {
    case all, any
}

/// An application: what people see, and what switches a provider on by using it.
package struct Application: FieldRecord {
    package let id: ApplicationID
    package var name: String
    /// Part of URLs; unique.
    package var slug: String
    /// The heading in the library; may be empty.
    package var group: String
    package var launchURL: String
    package var description: String
    package var publisher: String
    /// An address or a name of an icon; may be empty.
    package var icon: String
    package var opensInNewTab: Bool
    /// Whether it is hidden in people's library.
    package var isHidden: Bool
    package var policyEngineMode: PolicyEngineMode
    /// The provider for sign-in; nil for none.
    package var provider: ProviderID?
    /// Backchannel providers of this application; a provider has at most one application.
    package var backchannelProviders: [ProviderID]

    private static let reservedSlugs: Set<String> = [
        "authorize", "token", "device", "userinfo", "introspect", "revoke",
    ]

    package init(
        id: ApplicationID = .random(),
        name: String,
        slug: String,
        group: String = "",
        launchURL: String = "",
        description: String = "",
        publisher: String = "",
        icon: String = "",
        opensInNewTab: Bool = false,
        isHidden: Bool = false,
        policyEngineMode: PolicyEngineMode = .any,
        provider: ProviderID? = nil,
        backchannelProviders: [ProviderID] = []
    ) {
        self.id = id
        self.name = name
        self.slug = slug
        self.group = group
        self.launchURL = launchURL
        self.description = description
        self.publisher = publisher
        self.icon = icon
        self.opensInNewTab = opensInNewTab
        self.isHidden = isHidden
        self.policyEngineMode = policyEngineMode
        self.provider = provider
        self.backchannelProviders = backchannelProviders
    }

    /// Whether a text holds nothing but ASCII letters, digits, underscores and hyphens.
    package static func isSlug(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension Application {
    /// The fields that people set, except its providers, in the order of the form. The rules are those of authentik's model.
    package static let fields: [Field<Application>] = [
        .text("name", \.name, isRequired: true).form(""),
        .text("slug", \.slug, violation: slugViolation).form("", isOptional: false, derivedFrom: "name"),
        .text("group", \.group).column("library_group").form(""),
        .text("meta_launch_url", \.launchURL, violation: urlViolation).column("launch_url").form("ui"),
        .flag("open_in_new_tab", \.opensInNewTab).form("ui"),
        .text("meta_icon", \.icon).column("icon").form("ui"),
        .text("meta_publisher", \.publisher).column("publisher").form("ui"),
        .text("meta_description", \.description).column("description").form("ui", as: .lines),
        .flag("meta_hide", \.isHidden).column("is_hidden"),
        .choice("policy_engine_mode", \.policyEngineMode),
    ]

    package static var blank: Application { Application(name: "", slug: "") }

    @Sendable private static func slugViolation(_ slug: String) -> String? {
        guard !slug.isEmpty, isSlug(slug) else {
            return "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
        }
        return reservedSlugs.contains(slug) ? "The slug '\(slug)' is reserved; choose another one." : nil
    }

    @Sendable private static func urlViolation(_ url: String) -> String? {
        url.isEmpty || url.hasPrefix("http://") || url.hasPrefix("https://") ? nil : "Enter a valid URL."
    }
}

extension Application {
    /// The fields that differ from an earlier state, and the providers.
    package func allChanges(since before: Application) -> [FieldChange] {
        let providers = [
            FieldChange("provider", from: before.provider.inChanges, to: provider.inChanges),
            FieldChange(
                "backchannel_providers",
                from: before.backchannelProviders.map { .integer($0.rawValue) },
                to: backchannelProviders.map { .integer($0.rawValue) }
            ),
        ]
        return changes(since: before) + providers.compactMap(\.self)
    }
}

extension ProviderID? {
    fileprivate var inChanges: JSONValue { map { .integer($0.rawValue) } ?? .null }
}
