import CausewayNetwork

// Kinds of fields that only providers have.

extension Field where Record == ProviderSettings {
    /// An id of Entra, without characters that were pasted with it.
    static func id(_ key: StaticString, _ property: Property<String>) -> Field {
        text(key, property, isRequired: true, normalized: \.pastedID) { text in
            text.contains { $0.isWhitespace || "{}\"'<>/".contains($0) }
                ? "'\(text)' is not an id; copy it from the app registration's Overview page, without anything around it."
                : nil
        }
    }

    /// A duration in authentik's format.
    static func duration(_ key: StaticString, _ property: Property<String>) -> Field {
        text(
            key,
            property,
            violation: { text in
                DurationText(text) == nil
                    ? "'\(text)' is not a duration; write it like 'minutes=30' or 'hours=1;minutes=30'." : nil
            }
        )
    }

    /// The address of an HTTP proxy, with its secret. An address without a secret keeps the secret of the same user of the same proxy.
    static func proxy(_ key: StaticString, _ property: Property<Secret>) -> Field {
        sealed(
            key,
            property,
            shown: { (try? ProxyAddress($0.revealed))?.description ?? "" },
            entered: { text, before in
                guard let entered = try? ProxyAddress(text.revealed), let former = try? ProxyAddress(before.revealed)
                else { return text }
                return Secret(entered.keepingSecret(of: former).revealed)
            },
            violation: { text in
                guard !text.revealed.isEmpty else { return nil }
                do { return try ProxyAddress(text.revealed).lackOfSecret } catch { return "\(error)" }
            }
        )
    }

    /// A duration above zero.
    static func lifetime(_ key: StaticString, _ property: Property<String>) -> Field {
        text(
            key,
            property,
            violation: { text in
                (DurationText(text)?.duration ?? .zero) > .zero
                    ? nil : "'\(text)' is not a duration above zero; write it like 'hours=24' or 'minutes=30'."
            }
        )
    }
}

extension ProxyAddress {
    /// The error for a user without a secret: a stored secret must not be sent to another proxy.
    fileprivate var lackOfSecret: String? {
        guard let user, secret == nil else { return nil }
        return """
            Enter the secret of '\(user)' as http://user:secret@host:port. The stored secret is used only for the same user, host and \
            port. For a proxy without a secret, enter http://user:@host:port.
            """
    }
}

extension String {
    /// The id without the blanks, quotes or braces around it that PowerShell and registries add.
    package var pastedID: String {
        func isAround(_ character: Character) -> Bool { character.isWhitespace || "{}\"'".contains(character) }
        guard let first, let last, isAround(first) || isAround(last) else { return self }
        return String(drop(while: isAround).reversed().drop(while: isAround).reversed())
    }
}
