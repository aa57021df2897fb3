import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

extension ProviderCommand {
    /// `causeway provider show NAME`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Shows every setting of a provider, its tenant, its schedule, its guard, and its outstanding work."
        )

        @Argument(help: "The provider's name.")
        var provider: String
        @OptionGroup var data: DataOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let words = try FormWords.load()
            let shown = try await data.withStore { store in
                let provider = try await store.provider(named: provider)
                return try await store.read { try ShownProvider(provider, words, in: $0) }
            }
            let output = Output(output)
            if output.isJSON { return output.print(shown.json) }
            output.print(shown.facts)
        }
    }
}

/// Everything about a provider that a person may want to look up.
struct ShownProvider {
    private let provider: EntraProvider
    private let settings: [ShownSetting]
    private let application: String?
    private let furtherClients: [String]
    private let tenant: KnownTenant?
    private let schedule: ProviderScheduleText
    private let outstanding: Outstanding
    private let linked: (users: Int, groups: Int)

    init(_ provider: EntraProvider, _ words: FormWords, in transaction: Transaction) throws {
        self.provider = provider
        settings = try ShownSetting.all(of: provider, words, in: transaction)
        application = try transaction.applications().first { $0.id == provider.application }?.name
        furtherClients = try transaction.furtherClientIDs(of: provider.id)
        tenant = try transaction.knownTenant(of: provider.id)
        schedule = try ProviderScheduleText(provider, in: transaction)
        outstanding = try transaction.outstanding(of: provider)
        linked = (
            try transaction.linkCount(provider: provider.id, kind: .user),
            try transaction.linkCount(provider: provider.id, kind: .group)
        )
    }

    private var domains: [String] { tenant.map { $0.verifiedDomains.sorted() } ?? [] }

    var facts: Facts {
        var facts: Facts = [
            ("Provider", provider.name), ("Key", "\(provider.id)"), ("State", outstanding.state.words),
            ("Outstanding", outstanding.sentences.joined(separator: " ")),
            ("Application", application ?? "none, so nothing is provisioned"),
            ("Linked", "\(linked.users.counted("user")), \(linked.groups.counted("group"))"),
            ("Tenant, as last read", tenant.map { "\($0.displayName) (\($0.id))" } ?? "not read yet"),
            ("Domains, as last read", domains.joined(separator: ", ")),
        ]
        schedule.add(to: &facts)
        var heading = ""
        for setting in settings {
            if setting.heading != heading { facts.addHeading(setting.heading) }
            heading = setting.heading
            facts.add(setting.label, setting.text)
            if setting.name == "client_id" {
                facts.add("Further app registrations", furtherClients.joined(separator: ", "))
            }
            // A federated credential has no secret; its file is a setting.
            if setting.name == "credential_kind", provider.credentialKind != .federated {
                facts.add(setting.text, "set")
            }
        }
        return facts
    }

    var json: JSONValue {
        let further: [String: JSONValue] = [
            "application": JSONValue(application), "further_client_ids": JSONValue(furtherClients),
            "tenant": tenant.map {
                ["id": .string($0.id), "name": .string($0.displayName), "domains": JSONValue(domains)]
            } ?? .null,
            "schedule": schedule.json, "state": .string(outstanding.state.rawValue),
            "outstanding": JSONValue(outstanding.sentences),
            "linked_users": .integer(Int64(linked.users)), "linked_groups": .integer(Int64(linked.groups)),
            "shown": .array(
                settings.map {
                    ["name": .string($0.name), "label": .string($0.label), "value": .string($0.text)]
                }
            ),
        ]
        return .object((provider.json.object ?? [:]).merging(further) { $1 })
    }
}

/// A setting in the words of the form.
struct ShownSetting {
    let name: String
    /// Of its part of the form.
    let heading: String
    let label: String
    let text: String

    private static let none = "none"

    /// Every setting of a provider but its name, by the parts of the form.
    static func all(of provider: EntraProvider, _ words: FormWords, in transaction: Transaction) throws
        -> [ShownSetting]
    {
        let fields = ProviderSettings.fields.filter { $0.name != "name" }
        let shown = try fields.map { field in
            ShownSetting(
                name: field.name,
                heading: words.heading(of: field.form?.group),
                label: words.label(of: field),
                text: try text(of: field, provider, words, in: transaction)
            )
        }
        let (others, ofForm) = (
            shown.filter { $0.heading == FormWords.others }, shown.filter { $0.heading != FormWords.others }
        )
        let headings = ofForm.map(\.heading).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return headings.flatMap { heading in ofForm.filter { $0.heading == heading } } + others
    }

    private static func text(
        of field: Field<ProviderSettings>,
        _ provider: EntraProvider,
        _ words: FormWords,
        in transaction: Transaction
    ) throws -> String {
        let value = field.value(provider.settings)
        switch field.kind {
        case .flag: return value == true ? "yes" : "no"
        case .choice: return words.choice(value.string ?? "", of: field)
        case .reference, .references:
            let keys = value.string.map { [$0] } ?? (value.array ?? []).compactMap(\.string)
            let names = try keys.map { try name(of: $0, in: transaction) }
            return names.isEmpty ? empty(field, provider) : names.joined(separator: ", ")
        case .choices, .text, .sealed, .whole, .attributes:
            let texts =
                value.array.map { $0.compactMap(\.string).joined(separator: ", ") } ?? value.string ?? value.text
            return texts.isEmpty ? none : texts
        }
    }

    /// What an empty selection of objects means.
    private static func empty(_ field: Field<ProviderSettings>, _ provider: EntraProvider) -> String {
        switch field.name {
        case "filter_group": provider.vanishedFilterGroup.map { "'\($0)', which was deleted" } ?? "none: all users"
        case "groups": provider.selectsGroups ? none : "all"
        default: none
        }
    }

    private static func name(of key: String, in transaction: Transaction) throws -> String {
        if let group = try GroupID(text: key).flatMap({ try transaction.group($0) }) { return group.name }
        return try transaction.mappings().first { $0.id.text == key }?.name ?? key
    }
}
