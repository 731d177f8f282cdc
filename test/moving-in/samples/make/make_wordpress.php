<?php
/**
 * Makes ../wordpress: users with the hashes that WordPress's own functions make and its own login takes.
 *
 *   php make_wordpress.php /path/to/wordpress-6.7-or-earlier /path/to/wordpress-6.8-or-later
 *
 * Made with the wp-includes of WordPress 6.1.9 (phpass) and 7.2-alpha-63338 ($wp$). Each version runs in a process of its own. A password goes the
 * way of the forms: WordPress adds slashes to all that is posted (wp_magic_quotes), and neither the form that sets a password nor the one that
 * asks for it takes them away again.
 */
$out       = dirname( __DIR__ ) . '/wordpress';
$passwords = json_decode( file_get_contents( dirname( __DIR__ ) . '/passwords.json' ), true );

if ( ( $argv[1] ?? '' ) !== 'hash' ) {
	$hashes = array();
	foreach ( array( 'phpass' => $argv[1], 'bcrypt' => $argv[2] ) as $form => $wordpress ) {
		$made            = shell_exec( sprintf( '%s %s hash %s', PHP_BINARY, escapeshellarg( __FILE__ ), escapeshellarg( $wordpress ) ) );
		$hashes[ $form ] = json_decode( $made, true, 512, JSON_THROW_ON_ERROR );
	}
	write_samples( $out, $hashes, $passwords );
	exit;
}

define( 'ABSPATH', rtrim( $argv[2], '/' ) . '/' );
define( 'WPINC', 'wp-includes' );
require ABSPATH . WPINC . '/plugin.php';
require ABSPATH . WPINC . '/pluggable.php';
add_filter( 'wp_hash_password_options', fn() => array( 'cost' => 4 ) );
$hashes = array();
foreach ( $passwords as $name => $password ) {
	$posted          = addslashes( $password );
	$hashes[ $name ] = wp_hash_password( trim( $posted ) );
	// As wp_authenticate does.
	if ( ! wp_check_password( trim( $posted ), $hashes[ $name ] ) ) {
		throw new Exception( "WordPress itself does not take $name" );
	}
}
// Set by WP-CLI or the REST API: nothing has added slashes.
$hashes['unslashed'] = wp_hash_password( $passwords['quotes'] );
echo json_encode( $hashes );

function write_samples( $out, $hashes, $passwords ) {
	$plain = $hashes['phpass']['plain'];
	$users = array();
	$add   = function ( $login, $hash, $more = array() ) use ( &$users ) {
		$id      = count( $users ) + 1;
		$users[] = array_merge( array(
			'ID'                  => (string) $id,
			'user_login'          => $login,
			'user_pass'           => $hash,
			'user_nicename'       => $login,
			'user_email'          => "$login@wordpress.example",
			'user_url'            => '',
			'user_registered'     => sprintf( '2019-05-%02d 09:00:00', 1 + $id % 28 ),
			'user_activation_key' => '',
			'user_status'         => '0',
			'display_name'        => 'Ada Lovelace',
		), $more );
	};
	foreach ( $hashes as $form => $of ) {
		foreach ( $of as $name => $hash ) {
			$add( "$form.$name", $hash );
		}
	}
	// password_hash alone, as the plugin wp-password-bcrypt stores it; wp_check_password takes it.
	$add( 'vanilla.quotes', password_hash( addslashes( $passwords['quotes'] ), PASSWORD_BCRYPT, array( 'cost' => 4 ) ) );
	$add( 'vanilla.spaces', password_hash( trim( $passwords['spaces'] ), PASSWORD_BCRYPT, array( 'cost' => 4 ) ) );
	$add( 'argon2.spaces', password_hash( trim( $passwords['spaces'] ), PASSWORD_ARGON2ID, array( 'memory_cost' => 1024, 'threads' => 1 ) ) );
	$add( 'ancient', md5( $passwords['plain'] ) );
	$add( 'without_password', '' );
	$add( 'without_mail', $plain, array( 'user_email' => '' ) );
	$add( 'undated', $plain, array( 'user_registered' => '0000-00-00 00:00:00' ) );
	$add( 'editor', $plain );
	$add( 'nobody', $plain );
	$add( 'with_app', $plain );
	$add( 'with_mailed_code', $plain );
	$meta = array();
	foreach ( $users as $user ) {
		$role   = 'editor' === $user['user_login'] ? 'editor' : 'subscriber';
		$role   = 'nobody' === $user['user_login'] ? array() : array( $role => true );
		$meta[] = array( (string) ( count( $meta ) + 1 ), $user['ID'], 'wp_capabilities', serialize( $role ) );
		$meta[] = array( (string) ( count( $meta ) + 1 ), $user['ID'], 'first_name', 'Ada' );
		if ( str_starts_with( $user['user_login'], 'with_' ) && ! str_starts_with( $user['user_login'], 'without_' ) ) {
			// As the plugin "Two Factor" stores them: Two_Factor_Totp::SECRET_META_KEY, Two_Factor_Core::ENABLED_PROVIDERS_USER_META_KEY.
			$providers = 'with_app' === $user['user_login'] ? array( 'Two_Factor_Totp', 'Two_Factor_Backup_Codes' ) : array( 'Two_Factor_Email' );
			$meta[]    = array( (string) ( count( $meta ) + 1 ), $user['ID'], '_two_factor_totp_key', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' );
			$meta[]    = array( (string) ( count( $meta ) + 1 ), $user['ID'], '_two_factor_enabled_providers', serialize( $providers ) );
		}
	}
	write_csv( "$out/wp_users.csv", array_keys( $users[0] ), $users );
	write_csv( "$out/wp_usermeta.csv", array( 'umeta_id', 'user_id', 'meta_key', 'meta_value' ), $meta );
	// Of a network (multisite): two columns more.
	$network = array();
	foreach ( array( 'member', 'spammer', 'deleted' ) as $at => $login ) {
		$own       = array( 'ID' => (string) ( 1001 + $at ), 'user_login' => $login, 'user_email' => "$login@wordpress.example" );
		$flags     = array( 'spam' => 'spammer' === $login ? '1' : '0', 'deleted' => 'deleted' === $login ? '1' : '0' );
		$network[] = array_merge( $users[0], $own, $flags );
	}
	// As `wp user list --fields=ID,user_login,user_pass,… --format=json` and phpMyAdmin's JSON export write rows.
	file_put_contents( "$out/network.json", json_encode( $network, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) . "\n" );
	// As phpMyAdmin's export of a table as JSON.
	$export = array( array( 'type' => 'header', 'version' => '5.2.1', 'comment' => 'Export to JSON plugin for phpMyAdmin' ),
		array( 'type' => 'database', 'name' => 'wordpress' ), array( 'type' => 'table', 'name' => 'wp_users', 'database' => 'wordpress', 'data' => $network ) );
	file_put_contents( "$out/phpmyadmin.json", json_encode( $export, JSON_UNESCAPED_SLASHES ) . "\n" );
	$listed = array();
	foreach ( array_slice( $users, 0, 3 ) as $user ) {
		$listed[] = $user + array( 'roles' => 'subscriber' );
	}
	file_put_contents( "$out/wp-user-list.json", json_encode( $listed, JSON_UNESCAPED_SLASHES ) . "\n" );
}

function write_csv( $path, $header, $rows ) {
	$file = fopen( $path, 'w' );
	fputcsv( $file, $header, ',', '"', '' );
	foreach ( $rows as $row ) {
		fputcsv( $file, array_values( $row ), ',', '"', '' );
	}
	fclose( $file );
}
