package dev.ringfence.linux.probe;

import java.util.HashMap;
import java.util.Map;

/**
 * What sshd does when its configuration says nothing: the output of {@code sshd -T} of OpenSSH 9.2p1 (Debian 12) for an
 * empty file, host keys and addresses apart. Other releases differ in lists of algorithms, hardly elsewhere.
 */
final class SshDefaults {
    private static final String OPENSSH_9_2 = """
            addressfamily any
            allowagentforwarding yes
            allowstreamlocalforwarding yes
            allowtcpforwarding yes
            authenticationmethods any
            authorizedkeyscommand none
            authorizedkeyscommanduser none
            authorizedkeysfile .ssh/authorized_keys .ssh/authorized_keys2
            authorizedprincipalscommand none
            authorizedprincipalscommanduser none
            authorizedprincipalsfile none
            banner none
            casignaturealgorithms ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,\
            sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256
            chrootdirectory none
            ciphers chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,\
            aes256-gcm@openssh.com
            clientalivecountmax 3
            clientaliveinterval 0
            compression yes
            disableforwarding no
            exposeauthinfo no
            fingerprinthash SHA256
            forcecommand none
            gatewayports no
            gssapiauthentication no
            gssapicleanupcredentials yes
            gssapikexalgorithms gss-group14-sha256-,gss-group16-sha512-,gss-nistp256-sha256-,\
            gss-curve25519-sha256-,gss-group14-sha1-,gss-gex-sha1-
            gssapikeyexchange no
            gssapistorecredentialsonrekey no
            gssapistrictacceptorcheck yes
            hostbasedacceptedalgorithms ssh-ed25519-cert-v01@openssh.com,\
            ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,\
            ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,\
            sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,\
            rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,\
            ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,\
            rsa-sha2-256
            hostbasedauthentication no
            hostbasedusesnamefrompacketonly no
            hostkey /etc/ssh/ssh_host_rsa_key /etc/ssh/ssh_host_ecdsa_key /etc/ssh/ssh_host_ed25519_key
            hostkeyagent none
            hostkeyalgorithms ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,\
            ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,\
            sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,\
            rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,\
            ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,\
            sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256
            ignorerhosts yes
            ignoreuserknownhosts no
            ipqos lowdelay throughput
            kbdinteractiveauthentication yes
            kerberosauthentication no
            kerberosorlocalpasswd yes
            kerberosticketcleanup yes
            kexalgorithms sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,\
            curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,\
            diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,\
            diffie-hellman-group14-sha256
            listenaddress 0.0.0.0 ::
            logingracetime 120
            loglevel INFO
            macs umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,\
            hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,\
            hmac-sha2-256,hmac-sha2-512,hmac-sha1
            maxauthtries 6
            maxsessions 10
            maxstartups 10:30:100
            passwordauthentication yes
            permitemptypasswords no
            permitlisten any
            permitopen any
            permitrootlogin prohibit-password
            permittty yes
            permittunnel no
            permituserenvironment no
            permituserrc yes
            persourcemaxstartups none
            persourcenetblocksize 32:128
            pidfile /run/sshd.pid
            port 22
            printlastlog yes
            printmotd yes
            pubkeyacceptedalgorithms ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,\
            ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,\
            sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,\
            rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,\
            ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,\
            sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256
            pubkeyauthentication yes
            pubkeyauthoptions none
            rekeylimit 0 0
            requiredrsasize 1024
            revokedkeys none
            securitykeyprovider internal
            streamlocalbindmask 0177
            streamlocalbindunlink no
            strictmodes yes
            syslogfacility AUTH
            tcpkeepalive yes
            trustedusercakeys none
            unusedconnectiontimeout none
            usedns no
            usepam no
            versionaddendum none
            x11displayoffset 10
            x11forwarding no
            x11uselocalhost yes
            xauthlocation /usr/bin/xauth
            """;

    /** Value by lower-case keyword. */
    static final Map<String, String> VALUES = values();

    private SshDefaults() {}

    private static Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        OPENSSH_9_2.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            values.put(line.substring(0, blank), line.substring(blank + 1));
        });
        return Map.copyOf(values);
    }
}
